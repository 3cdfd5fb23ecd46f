package dev.berth.control;

import dev.berth.model.Dependency;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Wakes those who wait for each other: a service's dependants when it changes, and what it depends on when it ends. */
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
            }
        }
        if (changed.isEmpty()) {
            return;
        }
        for (Service service : registry.services()) {
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
