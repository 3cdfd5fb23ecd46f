package dev.berth.control;

import dev.berth.model.Condition;
import dev.berth.model.Dependency;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Wakes those who wait for each other: a service's dependants when it changes, what it depends on when it ends, and a service
 * and its replicas. Most services are on their own: a commit costs no walk through those.
 */
final class Relatives {
    private final Registry registry;
    private final Consumer<WorkKey> enqueue;
    private final Set<ServiceKey> bound = ConcurrentHashMap.newKeySet();

    Relatives(Registry registry, Consumer<WorkKey> enqueue) {
        this.registry = registry;
        this.enqueue = enqueue;
        registry.services().stream()
                .filter(Relatives::isBound)
                .map(Service::key)
                .forEach(bound::add);
    }

    /** To be told of every commit. */
    void committed(List<Store.JournalRow> rows) {
        Set<ServiceKey> changed = new LinkedHashSet<>();
        for (Store.JournalRow row : rows) {
            if (row.snapshot() instanceof Service service) {
                ServiceKey key = service.key();
                changed.add(key);
                // Who depends on a service depends on all its instances.
                changed.add(key.origin());
                if (key.isReplica()) {
                    enqueue.accept(WorkKey.service(key.origin()));
                }
                if (row.change() != Store.Change.DELETED && isBound(service)) {
                    bound.add(key);
                } else {
                    bound.remove(key);
                }
            }
        }
        if (!changed.isEmpty()) {
            bound.forEach(key -> registry.service(key).ifPresent(service -> wake(service, changed)));
        }
    }

    /** Does it wait for others, as a dependant or as a replica? */
    private static boolean isBound(Service service) {
        return !service.spec().dependsOn().isEmpty()
                || ServiceKey.isReplica(service.metadata().name());
    }

    private void wake(Service service, Set<ServiceKey> changed) {
        ServiceKey key = service.key();
        if (key.isReplica() && changed.contains(key.origin()) && mayMove(service)) {
            enqueue.accept(WorkKey.service(key));
        }
        for (Dependency dependency : service.spec().dependsOn()) {
            ServiceKey on = new ServiceKey(key.namespace(), dependency.service());
            if (changed.contains(on)) {
                enqueue.accept(WorkKey.service(key));
            }
            if (changed.contains(key)) {
                enqueue.accept(WorkKey.service(on));
            }
        }
    }

    /** Has its service's change something for a replica to do? */
    private boolean mayMove(Service replica) {
        // Its turn to be restarted may have come.
        return replica.status().condition(Condition.UP_TO_DATE).isPresent()
                || !Replicas.isInStep(replica, registry.service(replica.key().origin()));
    }
}
