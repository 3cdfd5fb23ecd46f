package dev.berth.sim;

import static dev.berth.sim.Ledger.require;

import dev.berth.model.Condition;
import dev.berth.model.Conflict;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import java.util.List;
import java.util.Optional;

/** What must be true once nothing has gone wrong for a while. */
final class Convergence {
    private final Ledger ledger;
    private final Machine machine;
    private final RunConvergence runs;

    Convergence(Ledger ledger, Machine machine) {
        this.ledger = ledger;
        this.machine = machine;
        this.runs = new RunConvergence(ledger, machine);
    }

    /** Empty when the world is as it should be, else what is not. */
    Optional<String> missing() {
        try {
            ledger.evictions()
                    .forEach(eviction -> require(
                            !eviction.phase().isOpen(), "the eviction of port " + eviction.port() + " is still open"));
            require(ledger.openActs().isEmpty(), "acts without an outcome: " + ledger.openActs());
            ledger.conflicts().forEach(this::conflict);
            ledger.services().forEach(this::service);
            ledger.services().forEach(runs::service);
            runs.strays();
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(String.valueOf(violation.getMessage()));
        }
    }

    private void conflict(Conflict conflict) {
        if (conflict.state().isOpen()) {
            require(
                    conflict.state() != Conflict.State.RESOLVING,
                    "conflict " + conflict.id() + " of " + conflict.service() + " on " + conflict.port()
                            + " is being resolved for ever: " + conflict.reason());
            Optional<Service> service = ledger.service(conflict.service());
            require(
                    service.filter(wants -> wants.spec().running()).isPresent(),
                    "conflict " + conflict.id() + " is open for " + conflict.service() + ", which wants nothing");
        } else {
            require(
                    conflict.state() == Conflict.State.DISMISSED || ledger.isResolved(conflict.id()),
                    "conflict " + conflict.id() + " is closed without ConflictResolved");
        }
    }

    private void service(Service service) {
        String name = service.key() + " (" + service.status().state() + ")";
        require(service.metadata().deletionTimestamp().isEmpty(), name + " is being deleted for ever");
        require(
                service.status().observedGeneration() == service.metadata().generation(),
                name + " speaks of generation " + service.status().observedGeneration() + ", not of "
                        + service.metadata().generation());
        require(
                service.status().conditions().stream()
                        .noneMatch(known -> known.reason().equals("Exchanging")
                                || known.reason().equals("Freeing")
                                        && (known.type().equals(Condition.PORT_ASSIGNED)
                                                || known.status() == Condition.Status.UNKNOWN)),
                name + " waits for ever for a port that another is to leave: "
                        + service.status().conditions());
        if (!service.spec().running()) {
            require(service.assigned().isEmpty(), name + " has a port although it is not to run");
            return;
        }
        if (service.assigned().isEmpty()) {
            require(
                    service.status().state() == ServiceState.BLOCKED ? explains(service) : awaitsApproval(service),
                    name + " has no port and says no reason: "
                            + service.status().conditions());
            return;
        }
        PortKey port = service.assigned().orElseThrow();
        List<SimSocket> taken = machine.network.colliding(port, service.spec().wantedHost()).stream()
                .filter(socket -> socket.listening)
                .toList();
        // Where its own process is, others may have the port on other addresses: the kernel keeps them apart.
        boolean settled = taken.isEmpty()
                || taken.stream().anyMatch(socket -> isOfItsOwner(socket, service))
                || isContested(service, port);
        require(
                settled,
                name + " has port " + port + ", which "
                        + taken.stream().map(socket -> socket.holders).toList()
                        + " hold, and no conflict is open: "
                        + service.status().conditions());
    }

    /** Somebody's processes that Berth may take for the service: its own, or at least its owner's. */
    private static boolean isOfItsOwner(SimSocket socket, Service service) {
        List<SimProcess> holders = socket.holders;
        // Whom the others share the socket with is the same program: its workers.
        return holders.stream()
                .anyMatch(process -> SignalRules.isOwn(process, service)
                        || (service.spec().processPatterns().isEmpty()
                                && process.uid == service.metadata().owner().uid()));
    }

    private boolean awaitsApproval(Service service) {
        return ledger.conflicts()
                .anyMatch(conflict -> conflict.state() == Conflict.State.AWAITING_APPROVAL
                        && conflict.service().equals(service.key()));
    }

    private boolean isContested(Service service, PortKey port) {
        return ledger.conflicts()
                .anyMatch(conflict -> (conflict.state().isOpen() || conflict.state() == Conflict.State.DISMISSED)
                        && conflict.service().equals(service.key())
                        && conflict.port().equals(port));
    }

    private boolean explains(Service service) {
        boolean contested = ledger.conflicts()
                .anyMatch(conflict ->
                        conflict.state().isOpen() && conflict.service().equals(service.key()));
        boolean said = service.status().conditions().stream()
                .anyMatch(condition -> condition.type().equals("PortAssigned")
                        && !condition.message().isBlank());
        return contested || said;
    }
}
