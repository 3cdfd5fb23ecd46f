package dev.berth.control;

import dev.berth.model.Condition;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.plan.Handover;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Wakes services that wait for a port which another one is to leave, with every change of a service; and who has the port that
 * one waits for, since it may be asked to exchange it. Few wait at a time, and none for long: a commit costs no walk through all.
 */
final class PortWaits {
    private final Registry registry;
    private final Consumer<WorkKey> enqueue;
    private final Set<ServiceKey> waiting = ConcurrentHashMap.newKeySet();

    PortWaits(Registry registry, Consumer<WorkKey> enqueue) {
        this.registry = registry;
        this.enqueue = enqueue;
        registry.services().stream().filter(PortWaits::waits).map(Service::key).forEach(waiting::add);
    }

    /** To be told of every commit. */
    void committed(List<Store.JournalRow> rows) {
        boolean changed = false;
        Set<PortKey> wanted = new LinkedHashSet<>();
        for (Store.JournalRow row : rows) {
            if (row.snapshot() instanceof Service service) {
                changed = true;
                if (row.change() != Store.Change.DELETED && waits(service)) {
                    waiting.add(service.key());
                    service.spec().preferred().ifPresent(wanted::add);
                } else {
                    waiting.remove(service.key());
                }
            }
        }
        if (changed) {
            waiting.forEach(key -> enqueue.accept(WorkKey.service(key)));
        }
        if (!wanted.isEmpty()) {
            for (Service service : registry.services()) {
                if (service.assigned().filter(wanted::contains).isPresent()) {
                    enqueue.accept(WorkKey.service(service.key()));
                }
            }
        }
    }

    private static boolean waits(Service service) {
        return service.status()
                        .condition(Condition.HOME_FREE)
                        .filter(known -> known.status() == Condition.Status.UNKNOWN)
                        .isPresent()
                || service.status()
                        .condition(Condition.PORT_ASSIGNED)
                        .filter(known -> known.reason().equals(Handover.FREEING))
                        .isPresent();
    }
}
