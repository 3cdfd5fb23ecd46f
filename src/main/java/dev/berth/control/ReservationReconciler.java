package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.Actor;
import dev.berth.model.Blockage;
import dev.berth.model.HostSnapshot;
import dev.berth.model.ObjectRef;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.Reservation;
import dev.berth.model.Reservation.Claim;
import dev.berth.model.Reservation.Enforcement;
import dev.berth.model.Service;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps one reservation true: ends it when its time or its process is over, knows who has claimed it, holds the port for as
 * long as nobody has, and says so.
 */
final class ReservationReconciler {
    /** How often a port that a refused call left claimed is asked for while nothing can be written. */
    private static final Duration WRITE_RETRY = Duration.ofSeconds(1);

    private final Registry registry;
    private final Holds holds;
    private final Leases leases;
    private final Looks looks;
    private final Blockages blockages;
    private final PortClaims claims;
    private final ExitWatches watches;
    private final Concerned concerned;
    private final Consumer<WorkKey> enqueue;
    private final InstantSource clock;
    private final Limits limits;
    private final DecisionLog log;

    ReservationReconciler(
            Registry registry,
            Holds holds,
            Leases leases,
            Looks looks,
            Blockages blockages,
            PortClaims claims,
            ExitWatches watches,
            Concerned concerned,
            Consumer<WorkKey> enqueue,
            InstantSource clock,
            Limits limits,
            DecisionLog log) {
        this.registry = registry;
        this.holds = holds;
        this.leases = leases;
        this.looks = looks;
        this.blockages = blockages;
        this.claims = claims;
        this.watches = watches;
        this.concerned = concerned;
        this.enqueue = enqueue;
        this.clock = clock;
        this.limits = limits;
        this.log = log;
    }

    /** Takes the holds of the Berth before. */
    void recover() {
        holds.recover();
    }

    /** Tries again what could not be held; returns the keys of all reservations. */
    Stream<WorkKey> resync() {
        holds.retry();
        return registry.reservations().stream().map(each -> WorkKey.reservation(each.port()));
    }

    /** To be told of every commit: holds follow it at once, passes soon. */
    void committed(List<Store.JournalRow> rows) {
        for (PortKey port : holds.committed(rows)) {
            if (registry.reservation(port).isPresent()) {
                enqueue.accept(WorkKey.reservation(port));
            }
        }
        for (Store.JournalRow row : rows) {
            if (row.ref().kind() == ObjectRef.Kind.RESERVATION
                    && row.change() != Store.Change.MODIFIED
                    && row.snapshot() instanceof Reservation reservation) {
                concerned.with(Set.of(reservation.port())).forEach(enqueue);
            }
        }
    }

    /** One pass; returns when to look again at the latest. */
    Optional<Duration> reconcile(PortKey port) throws StoreException, StaleVersionException, ObservationException {
        WorkKey key = WorkKey.reservation(port);
        if (registry.writeTrouble().isEmpty()) {
            // What a refused call left claimed is known by now: not written, or in the registry.
            claims.release(key);
        }
        Optional<Reservation> found = registry.reservation(port);
        if (found.isEmpty()) {
            leases.forget(port);
            watches.watch(key, Set.of());
            // What it left claimed is given back once the store says that nothing was written.
            return registry.writeTrouble().map(trouble -> WRITE_RETRY);
        }
        Reservation reservation = found.get();
        Optional<String> over = leases.over(reservation);
        if (over.isPresent()) {
            end(reservation, over.get());
            return Optional.of(Duration.ZERO);
        }
        HostSnapshot look = looks.current(limits.lookAge());
        Reservation judged = reservation.claimed(claim(reservation, look));
        if (!judged.equals(reservation)) {
            // The hold follows the claim with the commit; only then can be said how it stands.
            registry.commit(ChangeSet.builder().put(judged).build());
            return Optional.of(Duration.ZERO);
        }
        holds.settle(port);
        describe(reservation, look);
        watches.watch(key, processes(reservation));
        return next(reservation);
    }

    private void end(Reservation reservation, String why) throws StoreException, StaleVersionException {
        registry.commit(ChangeSet.builder()
                .delete(reservation)
                .audit(Audits.ofReservation(clock.instant(), Actor.CONTROLLER, Audits.PORT_RELEASED, reservation, why))
                .build());
        processes(reservation).forEach(leases::forget);
        log.decided(
                Optional.empty(),
                "the reservation of port " + reservation.port() + " for " + reservation.holder() + " is over: " + why);
    }

    /** Who has claimed the port, as far as can be seen now. */
    private Optional<Claim> claim(Reservation reservation, HostSnapshot look) {
        Optional<Service> seat =
                holds.seatedOn(reservation.port()).flatMap(registry::service).filter(reservation::isFor);
        if (seat.isPresent()) {
            Service service = seat.get();
            return reservation
                    .claim()
                    .filter(known -> known.service().equals(Optional.of(service.key())))
                    .or(() -> Optional.of(new Claim(
                            service.key().toString(), Optional.of(service.key()), Optional.empty(), clock.instant())));
        }
        return reservation
                .claim()
                .filter(known -> known.service().isEmpty())
                .flatMap(known -> stillClaimed(reservation, known, look));
    }

    private Optional<Claim> stillClaimed(Reservation reservation, Claim claim, HostSnapshot look) {
        Optional<ProcessRef> heir = Occupants.heir(reservation, look);
        if (claim.process().isPresent()) {
            ProcessRef claimant = claim.process().get();
            if (!leases.isGone(claimant)) {
                return Optional.of(claim);
            }
            leases.forget(claimant);
            // What it left behind on the port has it now.
            return heir.map(process -> by(process, claim.at()));
        }
        if (heir.isPresent()) {
            return heir.map(process -> by(process, claim.at()));
        }
        boolean waits = !leases.claimWindow(reservation.port(), claim).isZero()
                || Occupants.of(reservation, look).unclear();
        return waits ? Optional.of(claim) : Optional.empty();
    }

    private static Claim by(ProcessRef process, Instant at) {
        return new Claim(process.toString(), Optional.empty(), Optional.of(process), at);
    }

    /** Stores how the reservation stands, when that is something new. */
    private void describe(Reservation reservation, HostSnapshot look)
            throws StoreException, StaleVersionException, ObservationException {
        if (holds.isHeld(reservation.port())) {
            store(reservation, reservation.enforced(Enforcement.HELD, Optional.empty()), ChangeSet.builder());
            return;
        }
        Occupants occupants = Occupants.of(reservation, look);
        if (occupants.unclear()) {
            return;
        }
        Reservation now = reservation.enforced(Enforcement.ADVISORY, Optional.of(whyNotHeld(reservation, occupants)));
        ChangeSet.Builder changes = ChangeSet.builder();
        boolean contested = !occupants.strangers().isEmpty()
                && reservation
                        .claim()
                        .filter(claim -> claim.service().isPresent())
                        .isEmpty();
        if (contested && !now.equals(reservation)) {
            String who = String.join(", ", occupants.strangers());
            changes.audit(Audits.ofReservation(
                    clock.instant(), Actor.CONTROLLER, Audits.RESERVATION_CONTESTED, now, who + " listens on it"));
            log.trouble(
                    Optional.empty(),
                    "port " + now.port() + " is reserved for " + now.describe() + ", and " + who + " listens on it");
        }
        store(reservation, now, changes);
    }

    private void store(Reservation before, Reservation now, ChangeSet.Builder changes)
            throws StoreException, StaleVersionException {
        if (!now.equals(before)) {
            registry.commit(changes.put(now).build());
        }
    }

    private String whyNotHeld(Reservation reservation, Occupants occupants) throws ObservationException {
        String strangers = String.join(", ", occupants.strangers());
        Optional<Claim> claim = reservation.claim();
        if (claim.isPresent() && claim.get().service().isPresent()) {
            return "service " + claim.get().by() + " has it";
        }
        if (claim.isPresent()) {
            String whose = claim.get().by();
            return strangers.isEmpty()
                    ? occupants.own().isEmpty() ? claim.get().awaited() : whose + " has it"
                    : strangers + " listens on it, and it was claimed by " + whose;
        }
        if (!strangers.isEmpty()) {
            return strangers + " listens on it; it is held as soon as that ends";
        }
        if (!holds.enforced()) {
            return "this system lets others bind a port that is held, so it is a promise among those who ask Berth";
        }
        if (holds.isFull()) {
            return "Berth holds " + Holds.MOST + " ports already, and no more at once";
        }
        return blockages
                .tryBind(reservation.port(), PortQueries.ANY)
                .map(Blockage::cause)
                .map(cause -> "it can't be bound ("
                        + cause.name().toLowerCase(Locale.ROOT).replace('_', ' ') + "; GET /ports/"
                        + reservation.port().port()
                        + " tells more); tried again")
                .orElse("it could not be bound, or Berth may not bind it; tried again");
    }

    private static Set<ProcessRef> processes(Reservation reservation) {
        Set<ProcessRef> processes = new HashSet<>();
        reservation.process().ifPresent(processes::add);
        reservation.claim().flatMap(Claim::process).ifPresent(processes::add);
        return processes;
    }

    private Optional<Duration> next(Reservation reservation) {
        List<Duration> delays = new ArrayList<>();
        leases.untilExpiry(reservation).ifPresent(delays::add);
        if (processes(reservation).stream().anyMatch(leases::isSuspected)) {
            delays.add(Leases.SECOND_LOOK);
        }
        reservation
                .claim()
                .filter(claim -> claim.process().isEmpty() && claim.service().isEmpty())
                .map(claim -> leases.claimWindow(reservation.port(), claim))
                .ifPresent(left -> delays.add(left.isZero() ? Leases.SECOND_LOOK : left));
        return delays.stream().min(Duration::compareTo);
    }
}
