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
import java.util.function.Consumer;

/**
 * Wakes those who wait for each other: a service's dependants when it changes, what it depends on when it ends, and a service
 * and its replicas.
 */
final class Relatives {
    private final Registry registry;
    private final Consumer<WorkKey> enqueue;

    Relatives(Registry registry, Consumer<WorkKey> enqueue) {
        this.registry = registry;
        this.enqueue = enqueue;
    }

    /** To be told of every commit. */
    void committed(List<Store.JournalRow> rows) {
        Set<ServiceKey> changed = new LinkedHashSet<>();
        for (Store.JournalRow row : rows) {
            if (row.snapshot() instanceof Service service) {
                changed.add(service.key());
                // Who depends on a service depends on all its instances.
                changed.add(service.key().origin());
                if (service.key().isReplica()) {
                    enqueue.accept(WorkKey.service(service.key().origin()));
                }
            }
        }
        if (changed.isEmpty()) {
            return;
        }
        for (Service service : registry.services()) {
            if (service.spec().dependsOn().isEmpty()
                    && !ServiceKey.isReplica(service.metadata().name())) {
                continue;
            }
            ServiceKey origin = service.key().origin();
            if (service.key().isReplica()
                    && changed.contains(origin)
                    && service.status().condition(Condition.UP_TO_DATE).isPresent()) {
                // Its turn to be restarted may have come.
                enqueue.accept(WorkKey.service(service.key()));
            }
            if (service.key().isReplica()
                    && changed.contains(origin)
                    && !Replicas.isInStep(service, registry.service(origin))) {
                enqueue.accept(WorkKey.service(service.key()));
            }
            for (Dependency dependency : service.spec().dependsOn()) {
                ServiceKey on = new ServiceKey(service.key().namespace(), dependency.service());
                if (changed.contains(on)) {
                    enqueue.accept(WorkKey.service(service.key()));
                }
                if (changed.contains(service.key())) {
                    enqueue.accept(WorkKey.service(on));
                }
            }
        }
    }
}
