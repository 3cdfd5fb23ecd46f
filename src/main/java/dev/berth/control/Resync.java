package dev.berth.control;

import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceState;
import dev.berth.store.Registry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Brings everything round to be looked at again, whatever was noticed or missed. What is not as it should be comes every time;
 * of what is settled, whose changes are told by the kernel and by commits, a few have their turn each time: so that an idle
 * machine costs the same with a hundred services and with ten thousand. Nobody is woken for those of them for which everything
 * is as it was for their last pass.
 */
final class Resync {
    /** At the default interval this costs a thousandth of a core, however many there are. */
    static final int SETTLED_AT_ONCE = 16;

    /** Fewer come each time where all of them have their turn within so many: a missed message is made good soon enough. */
    static final int ROUND = 15;

    private final WorkQueue<WorkKey> queue;
    private final Registry registry;
    private final Predicate<ProcessRef> watched;
    private final Predicate<ServiceKey> calm;
    /** How many settled services have had their turn. Guarded by this. */
    private long turn;

    /**
     * @param watched will the end of the process be told?
     * @param calm would a pass for the service leave everything as it is?
     */
    Resync(WorkQueue<WorkKey> queue, Registry registry, Predicate<ProcessRef> watched, Predicate<ServiceKey> calm) {
        this.queue = queue;
        this.registry = registry;
        this.watched = watched;
        this.calm = calm;
    }

    /** Everything, as at a start or after settings changed. */
    void all() {
        evictions();
        registry.services().forEach(service -> add(service.key()));
    }

    /** What is not settled, and the next of the others. */
    synchronized void next() {
        evictions();
        Set<ServiceKey> contested = new HashSet<>();
        for (Conflict conflict : registry.openConflicts()) {
            contested.add(conflict.service());
        }
        List<Service> settled = new ArrayList<>();
        for (Service service : registry.services()) {
            if (isSettled(service) && (contested.isEmpty() || !contested.contains(service.key()))) {
                settled.add(service);
            } else {
                add(service.key());
            }
        }
        int count = Math.min(SETTLED_AT_ONCE, (settled.size() + ROUND - 1) / ROUND);
        for (int i = 0; i < count; i++) {
            ServiceKey key = settled.get((int) (turn++ % settled.size())).key();
            if (!calm.test(key)) {
                add(key);
            }
        }
    }

    private void evictions() {
        for (Eviction eviction : registry.evictions()) {
            queue.addUnlessBackingOff(WorkKey.eviction(eviction.port()));
        }
    }

    private void add(ServiceKey key) {
        queue.addUnlessBackingOff(WorkKey.service(key));
    }

    private boolean isSettled(Service service) {
        boolean asWanted =
                service.status().state() == (service.spec().running() ? ServiceState.RUNNING : ServiceState.STOPPED);
        return asWanted
                && service.status().observedGeneration() == service.metadata().generation()
                && service.metadata().deletionTimestamp().isEmpty()
                && service.status().runOrNone().stop().isEmpty()
                && service.status().process().filter(watched.negate()).isEmpty();
    }
}
