package dev.berth.sim;

import static dev.berth.sim.Ledger.require;

import dev.berth.control.LeaseAnswer;
import dev.berth.control.Reserved;
import dev.berth.host.ObservationException;
import dev.berth.model.Caller;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.ReservationRequest;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What people ask of Berth about reservations, and what they then do. */
final class LeaseOperations {
    /** So that each is over in the calm. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Chance chance;
    private final Wishes wishes;
    private final World world;
    private final Machine machine;
    private final Ledger ledger;
    private final Trace trace;

    LeaseOperations(Chance chance, Wishes wishes, World world, Machine machine, Ledger ledger, Trace trace) {
        this.chance = chance;
        this.wishes = wishes;
        this.world = world;
        this.machine = machine;
        this.ledger = ledger;
        this.trace = trace;
    }

    void one(Berth berth, Caller caller) throws StoreException, StaleVersionException {
        try {
            int what = chance.between(0, 99);
            if (what < 45) {
                reserve(berth, caller);
            } else if (what < 55) {
                renew(berth, caller);
            } else if (what < 80) {
                claim(berth, caller);
            } else {
                release(berth, caller);
            }
        } catch (ObservationException failed) {
            trace.add("refused", String.valueOf(failed.getMessage()));
        }
    }

    private void reserve(Berth berth, Caller caller)
            throws StoreException, StaleVersionException, ObservationException {
        boolean one = chance.of(0.5);
        int first = chance.between(World.FIRST_PORT, World.LAST_PORT - 4);
        ReservationRequest request = new ReservationRequest(
                chance.pick(
                        "somebody",
                        wishes.someService().name(),
                        wishes.someService().toString()),
                chance.of(0.1) ? Protocol.UDP : Protocol.TCP,
                one ? OptionalInt.of(world.port()) : OptionalInt.empty(),
                one ? Optional.empty() : Optional.of(new PortRange(first, first + chance.between(0, 4))),
                one || chance.of(0.6) ? 1 : 2,
                chance.of(0.5) ? Optional.of(chance.millis(1000, (int) LONGEST.toMillis())) : Optional.empty(),
                chance.of(0.2) ? OptionalLong.of(world.somebody().pid()) : OptionalLong.empty());
        boolean dryRun = chance.of(0.1);
        Reserved answer = berth.plane.reservations().reserve(request, caller, dryRun);
        trace.add("reserve", request + " " + answer);
        if (answer instanceof Reserved.Made made && !dryRun) {
            for (Reservation each : made.reservations()) {
                require(
                        ledger.reservations().anyMatch(stored -> stored.port().equals(each.port())),
                        "the reservation of " + each.port() + " was acknowledged and is not on disk");
            }
        }
    }

    private Optional<PortKey> some() {
        List<Reservation> all = ledger.reservations().toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(chance.pick(all).port());
    }

    private void renew(Berth berth, Caller caller) throws StoreException, StaleVersionException {
        Optional<PortKey> port = some();
        if (port.isPresent()) {
            LeaseAnswer answer = berth.plane
                    .reservations()
                    .renew(
                            port.orElseThrow(),
                            Optional.empty(),
                            chance.of(0.5)
                                    ? Optional.of(chance.millis(1000, (int) LONGEST.toMillis()))
                                    : Optional.empty(),
                            OptionalLong.empty(),
                            caller,
                            false);
            trace.add("renew", port.orElseThrow() + " " + answer);
        }
    }

    private void release(Berth berth, Caller caller) throws StoreException, StaleVersionException {
        Optional<PortKey> port = some();
        if (port.isPresent()) {
            LeaseAnswer answer = berth.plane.reservations().release(port.orElseThrow(), caller, false);
            trace.add("release", port.orElseThrow() + " " + answer);
        }
    }

    /** The claimant binds it, or somebody who is quicker, or nobody. */
    private void claim(Berth berth, Caller caller) throws StoreException, StaleVersionException {
        Optional<PortKey> port = some();
        if (port.isEmpty()) {
            return;
        }
        SimProcess claimant = world.somebody();
        LeaseAnswer answer = berth.plane
                .reservations()
                .claim(
                        port.orElseThrow(),
                        chance.of(0.7) ? OptionalLong.of(claimant.pid()) : OptionalLong.empty(),
                        caller,
                        false);
        trace.add("claim", port.orElseThrow() + " " + answer);
        if (answer instanceof LeaseAnswer.Done && chance.of(0.8)) {
            SimProcess quickest = chance.of(0.8) ? claimant : world.somebody();
            if (quickest.alive() && quickest != machine.init) {
                machine.network.open(
                        quickest,
                        new Program.Endpoint(
                                port.orElseThrow().protocol(),
                                chance.pick("127.0.0.1", "0.0.0.0", "::"),
                                port.orElseThrow().port(),
                                false,
                                false),
                        true);
            }
        }
    }
}
