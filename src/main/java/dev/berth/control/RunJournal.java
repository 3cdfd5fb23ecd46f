package dev.berth.control;

import dev.berth.model.AuditEntry;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Stores what happened to a service's processes. What happened, happened: when its declaration changed meanwhile, the same
 * is stored with the newer one. Stored once: a write that was thought to have failed may turn out to be on disk.
 */
final class RunJournal {
    /** Declarations change by people's hands; more often in a row than this is somebody's loop, and the next pass stores. */
    private static final int TRIES = 8;

    private final Registry registry;

    RunJournal(Registry registry) {
        this.registry = registry;
    }

    /**
     * Returns the service as stored; empty when it has gone meanwhile.
     *
     * @param due whether it is still to be stored, by what is stored now
     */
    Optional<Service> store(ServiceKey key, Predicate<Run> due, UnaryOperator<Service> change, List<AuditEntry> audit)
            throws StoreException, StaleVersionException {
        for (int tries = 1; ; tries++) {
            Optional<Service> current = registry.service(key);
            if (current.isEmpty() || !due.test(current.get().status().runOrNone())) {
                return current;
            }
            Service changed = change.apply(current.get());
            ChangeSet.Builder changes = ChangeSet.builder();
            if (!changed.equals(current.get())) {
                changes.put(changed);
            }
            audit.forEach(changes::audit);
            try {
                registry.commit(changes.build());
                return registry.service(key);
            } catch (StaleVersionException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }
}
