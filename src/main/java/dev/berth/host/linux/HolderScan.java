package dev.berth.host.linux;

import dev.berth.model.ProcessFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds every holder of some sockets now, by reading the descriptors of every process. Requests that come while a scan is
 * running share the next one, so that fifty conflicts at once cost two scans and not fifty; nobody gets an answer from a scan
 * that began before the request. For any thread.
 */
final class HolderScan {
    private final ProcessReader reader;
    private final ProcessSockets processes = new ProcessSockets();
    private final Lock scanning = new ReentrantLock();
    private final Object gate = new Object();
    private Batch next = new Batch();

    /**
     * @param holders by the socket's inode, oldest first; a socket that nobody holds is not in it
     * @param denials what could not be read
     */
    record Findings(Map<Long, List<ProcessFacts>> holders, Denials denials) {
        List<ProcessFacts> of(long inode) {
            return holders.getOrDefault(inode, List.of());
        }
    }

    private static final class Batch {
        final Set<Long> inodes = new TreeSet<>();

        @Nullable
        Findings findings;
    }

    HolderScan(ProcessReader reader) {
        this.reader = reader;
    }

    Findings find(Set<Long> inodes) throws IOException {
        if (inodes.isEmpty()) {
            return new Findings(Map.of(), Denials.NONE);
        }
        Batch mine;
        synchronized (gate) {
            mine = next;
            mine.inodes.addAll(inodes);
        }
        scanning.lock();
        try {
            Findings shared = mine.findings;
            if (shared != null) {
                return shared;
            }
            synchronized (gate) {
                if (next == mine) {
                    next = new Batch();
                }
            }
            Findings found = scan(mine.inodes);
            mine.findings = found;
            return found;
        } finally {
            scanning.unlock();
        }
    }

    private Findings scan(Set<Long> inodes) throws IOException {
        long[] wanted = inodes.stream().mapToLong(Long::longValue).toArray();
        Map<Long, List<ProcessFacts>> holders = new HashMap<>();
        Denials.Counter denied = new Denials.Counter();
        for (long pid : processes.pids()) {
            Map<Long, Integer> held = new HashMap<>();
            ProcessSockets.Sight sight =
                    processes.scan(pid, wanted, (holder, descriptor, inode) -> held.put(inode, descriptor));
            if (sight == ProcessSockets.Sight.DENIED) {
                processes.owner(pid).ifPresent(denied::denied);
            }
            if (held.isEmpty()) {
                continue;
            }
            Optional<ProcessFacts> facts = reader.read(pid);
            held.forEach((inode, descriptor) -> {
                // The link once more: the facts are those of the process that has it.
                if (facts.isPresent() && processes.has(pid, descriptor, inode)) {
                    holders.computeIfAbsent(inode, key -> new ArrayList<>()).add(facts.get());
                }
            });
        }
        holders.values()
                .forEach(each -> each.sort(Comparator.<ProcessFacts>comparingLong(
                                facts -> facts.ref().startTicks())
                        .thenComparingLong(facts -> facts.ref().pid())));
        return new Findings(holders, denied.denials());
    }
}
