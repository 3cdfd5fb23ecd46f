package dev.berth.control;

import dev.berth.model.Condition;
import dev.berth.model.Dependency;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceStatus;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Wakes those who wait for each other: a service's dependants when it changes, what it depends on when it ends, a service and
 * its replicas, and who waits for a port that another service leaves.
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
        Set<PortKey> wanted = new LinkedHashSet<>();
        for (Store.JournalRow row : rows) {
            if (row.snapshot() instanceof Service service) {
                changed.add(service.key());
                // Who depends on a service depends on all its instances.
                changed.add(service.key().origin());
                if (isWaitingForPort(service)) {
                    wanted.addAll(service.spec().preferred().stream().toList());
                }
                if (service.key().isReplica()) {
                    enqueue.accept(WorkKey.service(service.key().origin()));
                }
            }
        }
        if (changed.isEmpty()) {
            return;
        }
        for (Service service : registry.services()) {
            // It may be asked to exchange ports, or what it waits for may be free now.
            if (isWaitingForPort(service)
                    || service.assigned().filter(wanted::contains).isPresent()) {
                enqueue.accept(WorkKey.service(service.key()));
            }
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

    private static boolean isWaitingForPort(Service service) {
        ServiceStatus status = service.status();
        return status.condition(Condition.HOME_FREE)
                        .filter(known -> known.status() == Condition.Status.UNKNOWN)
                        .isPresent()
                || status.condition(Condition.PORT_ASSIGNED)
                        .filter(known -> known.reason().equals("Freeing"))
                        .isPresent();
    }
}
