package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessControl;
import dev.berth.model.Actor;
import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.plan.Policy;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A service that is being deleted: its own process is ended first, then it goes, with everything that hangs on it. */
final class Removal {
    /** The eviction's end and the process's exit wake the service; this is for when both hints are lost. */
    private static final Duration RECHECK = Duration.ofMillis(250);

    private final Registry registry;
    private final ProcessControl processes;
    private final Looks looks;
    private final EvictionStart start;
    private final Acts acts;
    private final Supplier<Policy> policy;
    private final Consumer<WorkKey> enqueue;
    private final ExitWatches watches;

    Removal(
            Registry registry,
            ProcessControl processes,
            Looks looks,
            EvictionStart start,
            Acts acts,
            Supplier<Policy> policy,
            Consumer<WorkKey> enqueue,
            ExitWatches watches) {
        this.registry = registry;
        this.processes = processes;
        this.looks = looks;
        this.start = start;
        this.acts = acts;
        this.policy = policy;
        this.enqueue = enqueue;
        this.watches = watches;
    }

    /** Berth ends only what it answers for: the process of a service that it would start, not one that it only watches. */
    static boolean hasProcessToStop(Service service, ProcessControl processes) {
        return !service.spec().isObserved()
                && service.status()
                        .process()
                        .filter(process -> processes.liveness(process) != ProcessControl.Liveness.GONE)
                        .isPresent();
    }

    boolean isDue(Service service) {
        return service.metadata().deletionTimestamp().isPresent();
    }

    /** The pass's changes, with the service removed instead of updated. */
    ChangeSet with(ServiceDraft draft) {
        ChangeSet.Builder changes = ChangeSet.builder();
        ChangeSet drafted = draft.changes();
        for (ChangeSet.Write write : drafted.writes()) {
            if (write instanceof ChangeSet.Put put && !(put.object() instanceof Service)) {
                changes.put(put.object());
            } else if (write instanceof ChangeSet.Delete) {
                draft.situation().evictions().values().stream()
                        .filter(eviction -> eviction.ref().equals(write.ref()))
                        .forEach(changes::delete);
            }
        }
        drafted.audit().forEach(changes::audit);
        return changes.delete(draft.service()).build();
    }

    /** Ends the service's process when it is to be deleted; empty when nothing (more) keeps it from going. */
    Optional<Duration> stopFirst(Service service) throws ObservationException, StoreException, StaleVersionException {
        if (!isDue(service)
                || !hasProcessToStop(service, processes)
                || service.assigned().isEmpty()) {
            return Optional.empty();
        }
        ProcessRef process = service.status().process().orElseThrow();
        PortKey port = service.assigned().orElseThrow();
        watches.watch(WorkKey.service(service.key()), Set.of(process));
        Optional<Eviction> present = registry.eviction(port);
        if (present.filter(eviction -> eviction.phase().isOpen()).isPresent()) {
            return Optional.of(RECHECK);
        }
        HostSnapshot fresh = looks.inspect(port);
        EvictionStart.Prepared prepared = start.prepare(
                new EvictionStart.Wish(
                        port,
                        socket -> Targets.holds(socket, process),
                        Actor.CONTROLLER,
                        Optional.empty(),
                        Optional.empty(),
                        service.spec().gracePeriod(),
                        false,
                        facts ->
                                facts.user().uid() == service.metadata().owner().uid(),
                        "its service " + service.key() + " was deleted"),
                fresh,
                policy.get());
        if (!(prepared instanceof EvictionStart.Prepared.Ready ready)) {
            // It holds no port, or must not be signalled: it is let go, as anything else that is not Berth's to end.
            return Optional.empty();
        }
        Eviction eviction = ready.eviction()
                .withResourceVersion(present.map(Eviction::resourceVersion).orElse(0L));
        ChangeSet.Builder changes = ChangeSet.builder().put(eviction);
        ready.intents().forEach(changes::audit);
        registry.commit(changes.build());
        List<String> intended =
                ready.intents().stream().flatMap(entry -> entry.act().stream()).toList();
        acts.intended(intended);
        enqueue.accept(WorkKey.eviction(port));
        return Optional.of(RECHECK);
    }
}
