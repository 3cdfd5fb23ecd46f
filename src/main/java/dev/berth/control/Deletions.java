package dev.berth.control;

import dev.berth.host.ProcessControl;
import dev.berth.model.Actor;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.Outcome;
import dev.berth.model.Service;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** What deleting a service comes to: at once, or after its process has ended. */
final class Deletions {
    private final Registry registry;
    private final ProcessControl processes;
    private final Consumer<WorkKey> enqueue;

    Deletions(Registry registry, ProcessControl processes, Consumer<WorkKey> enqueue) {
        this.registry = registry;
        this.processes = processes;
        this.enqueue = enqueue;
    }

    /** The service goes with its replicas, and after them. */
    Deleted add(Service service, Actor by, Instant now, ChangeSet.Builder changes) {
        if (service.metadata().deletionTimestamp().isPresent()) {
            return new Deleted.Stopping(service);
        }
        boolean waits = Removal.hasProcessToStop(service, processes);
        for (Service replica : Replicas.of(service.key(), registry.services())) {
            waits |= add(replica, by, now, changes) instanceof Deleted.Stopping;
        }
        changes.audit(Audits.ofService(
                now,
                by,
                Audits.SERVICE_DELETED,
                service.key(),
                "deleted",
                service.assigned().map(port -> "had port " + port).orElse("had no port"),
                Optional.empty()));
        if (waits) {
            Service stopping =
                    new Service(service.metadata().withDeletionTimestamp(now), service.spec(), service.status());
            changes.put(stopping);
            return new Deleted.Stopping(stopping);
        }
        service.assigned()
                .ifPresent(port -> changes.audit(Audits.ofService(
                        now,
                        Actor.CONTROLLER,
                        Audits.PORT_RELEASED,
                        service.key(),
                        "the service was deleted",
                        port.toString(),
                        Optional.empty())));
        for (Conflict conflict : registry.openConflicts()) {
            if (conflict.service().equals(service.key())) {
                abandon(conflict, now, changes);
            }
        }
        changes.delete(service);
        return new Deleted.Removed(service);
    }

    /** Closes a conflict that nobody is left to want anything of. */
    static void abandon(Conflict conflict, Instant now, ChangeSet.Builder changes) {
        OwnerStops.Abandoned abandoned = OwnerStops.abandon(conflict, now);
        changes.put(abandoned.conflict().closed(Conflict.State.FAILED, now));
        abandoned.outcome().ifPresent(changes::audit);
        changes.audit(Audits.ofConflict(
                now,
                Actor.CONTROLLER,
                Audits.CONFLICT_RESOLVED,
                conflict,
                "no longer wanted: the service was deleted",
                Outcome.FAILED,
                "deleted"));
    }

    /** After the commit: what hangs on the service ends, and who waits for its port may have it. */
    void done(Service service) {
        enqueue.accept(WorkKey.service(service.key()));
        Replicas.of(service.key(), registry.services())
                .forEach(replica -> enqueue.accept(WorkKey.service(replica.key())));
        for (Eviction eviction : registry.evictions()) {
            if (eviction.service()
                    .filter(of -> of.equals(service.key()) || of.origin().equals(service.key()))
                    .isPresent()) {
                enqueue.accept(WorkKey.eviction(eviction.port()));
            }
        }
    }
}
