package dev.berth.control;

import dev.berth.host.ProcessControl;
import dev.berth.model.ProcessRef;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Which keys want a pass when which process ends. One watch per process, closed when nobody asks for it any more. */
final class ExitWatches implements AutoCloseable {
    /** A watch costs a file descriptor; beyond this the tick notices exits instead, a little later. */
    static final int MOST = 4096;

    private final ProcessControl processes;
    private final Consumer<WorkKey> ended;
    // All guarded by this.
    private final Map<WorkKey, Set<ProcessRef>> wantedBy = new HashMap<>();
    private final Map<ProcessRef, Entry> entries = new HashMap<>();

    ExitWatches(ProcessControl processes, Consumer<WorkKey> ended) {
        this.processes = processes;
        this.ended = ended;
    }

    private static final class Entry {
        final Set<WorkKey> keys = new LinkedHashSet<>();
        Optional<ProcessControl.Watch> watch = Optional.empty();

        void close() {
            watch.ifPresent(ProcessControl.Watch::close);
        }
    }

    /**
     * Makes {@code wanted} the processes that the key is told of, and no others. Each is told once: asking for the same set
     * again after one of them has ended does not tell again.
     */
    void watch(WorkKey key, Set<ProcessRef> wanted) {
        Set<ProcessRef> unwatched = new LinkedHashSet<>();
        synchronized (this) {
            Set<ProcessRef> before = wantedBy.getOrDefault(key, Set.of());
            if (before.equals(wanted)) {
                return;
            }
            if (wanted.isEmpty()) {
                wantedBy.remove(key);
            } else {
                wantedBy.put(key, Set.copyOf(wanted));
            }
            for (ProcessRef process : before) {
                Entry entry = entries.get(process);
                if (!wanted.contains(process) && entry != null && entry.keys.remove(key) && entry.keys.isEmpty()) {
                    entry.close();
                    entries.remove(process);
                }
            }
            for (ProcessRef process : wanted) {
                Entry present = entries.get(process);
                if (present != null) {
                    present.keys.add(key);
                } else if (!before.contains(process) && entries.size() < MOST) {
                    Entry entry = new Entry();
                    entry.keys.add(key);
                    entries.put(process, entry);
                    unwatched.add(process);
                }
            }
        }
        // Outside the lock: the seam may call back at once, on this thread or another.
        for (ProcessRef process : unwatched) {
            ProcessControl.Watch watch = processes.onExit(process, () -> exited(process));
            synchronized (this) {
                Entry entry = entries.get(process);
                if (entry == null) {
                    watch.close();
                } else {
                    entry.watch = Optional.of(watch);
                }
            }
        }
    }

    /** Will its end be told? */
    synchronized boolean isWatched(ProcessRef process) {
        return entries.containsKey(process);
    }

    private void exited(ProcessRef process) {
        List<WorkKey> keys;
        synchronized (this) {
            Entry entry = entries.remove(process);
            if (entry == null) {
                return;
            }
            entry.close();
            keys = List.copyOf(entry.keys);
        }
        keys.forEach(ended);
    }

    @Override
    public synchronized void close() {
        entries.values().forEach(Entry::close);
        entries.clear();
        wantedBy.clear();
    }
}
