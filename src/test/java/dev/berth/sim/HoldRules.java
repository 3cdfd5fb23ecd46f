package dev.berth.sim;

import static dev.berth.sim.Ledger.require;

import dev.berth.model.Launch;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.Reservation;
import dev.berth.model.Reservation.Enforcement;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.User;
import java.util.Optional;

/** A reserved port is nobody else's, and Berth holds a port if and only if it should. Judged by the disk and the kernel. */
final class HoldRules {
    private final Ledger ledger;
    private final Machine machine;

    HoldRules(Ledger ledger, Machine machine) {
        this.ledger = ledger;
        this.machine = machine;
    }

    /** After every write. */
    void written() {
        ledger.reservations()
                .forEach(reservation -> ledger.services()
                        .filter(service -> service.assigned()
                                .filter(reservation.port()::equals)
                                .isPresent())
                        .forEach(service -> require(
                                isFor(reservation, service),
                                "port " + reservation.port() + " is reserved for " + reservation.holder()
                                        + " and given to " + service.key())));
    }

    /** Between two steps: nothing is held without a reason. */
    void nothingLeaks(Berth berth) {
        if (berth.registry.writeTrouble().isPresent()) {
            return;
        }
        for (SimSocket socket : berth.host.berth.self().sockets) {
            require(
                    isWanted(socket.key()),
                    "Berth holds port " + socket.key() + ", which is neither reserved nor anybody's who waits");
        }
    }

    /** At rest: what should be held is, where nothing else has it, and everybody is told the truth. */
    void atRest(Berth berth) {
        ledger.reservations().forEach(reservation -> {
            String name = "the reservation of port " + reservation.port() + " for " + reservation.holder();
            boolean held = isHeld(berth, reservation.port());
            require(
                    held == (reservation.enforcement() == Enforcement.HELD),
                    name + " says " + reservation.enforcement() + " and is " + (held ? "held" : "not held"));
            require(held == reservation.message().isEmpty(), name + " says " + reservation.message());
            reservation.process().ifPresent(process -> require(lives(process), name + " outlives its process"));
            reservation
                    .claim()
                    .flatMap(Reservation.Claim::process)
                    .ifPresent(process -> require(lives(process), name + " is claimed by a dead process"));
            require(
                    reservation.ttl().isEmpty(),
                    name + " ended long ago: it was for " + reservation.ttl() + " at most");
            wanted(berth, reservation.port(), reservation.owner(), name);
        });
        ledger.services()
                .forEach(service -> service.assigned()
                        .ifPresent(port ->
                                wanted(berth, port, service.metadata().owner(), "the port of " + service.key())));
    }

    private void wanted(Berth berth, PortKey port, User owner, String name) {
        // Such a port is held by root alone, and for those alone who administer the machine.
        boolean privileged = port.port() < Users.FIRST_UNPRIVILEGED
                && (berth.host.berth.self().uid != Users.ROOT || owner.uid() == Users.EVE);
        boolean taken =
                machine.network.on(port).stream().anyMatch(socket -> !socket.holders.contains(berth.host.berth.self()))
                        || machine.network.blockage(port).isPresent();
        require(
                !isWanted(port) || isHeld(berth, port) || taken || privileged,
                name + " (" + port + ") is not held, though nothing keeps Berth from it");
    }

    private boolean isWanted(PortKey port) {
        Optional<Service> service = ledger.services()
                .filter(each -> each.assigned().filter(port::equals).isPresent())
                .findFirst();
        return service.map(HoldRules::waits)
                .orElseGet(() -> ledger.reservations()
                        .anyMatch(
                                each -> each.port().equals(port) && each.claim().isEmpty()));
    }

    /** It has a command that was never started since it was asked for, or is being prepared for its start. */
    private static boolean waits(Service service) {
        Run run = service.status().runOrNone();
        boolean runs = run.launch()
                .map(launch -> launch.step() == Launch.Step.SERVICE)
                .orElse(service.status().process().isPresent());
        boolean down = run.gaveUp().isPresent()
                || run.nextStart().isPresent()
                || run.stop().isPresent();
        boolean wanted = service.spec().running()
                && service.metadata().deletionTimestamp().isEmpty();
        return service.spec().command().isPresent() && wanted && !runs && !down;
    }

    private static boolean isHeld(Berth berth, PortKey port) {
        return berth.host.berth.self().sockets.stream()
                .anyMatch(socket -> socket.key().equals(port));
    }

    private boolean lives(ProcessRef process) {
        return machine.find(process).filter(SimProcess::alive).isPresent();
    }

    private static boolean isFor(Reservation reservation, Service service) {
        long owner = service.metadata().owner().uid();
        long by = reservation.owner().uid();
        String name = service.key().origin().name();
        return reservation.holder().equals(service.key().origin().toString())
                || (reservation.holder().equals(name) && (by == owner || by == Users.ROOT));
    }
}
