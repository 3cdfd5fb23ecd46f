package dev.berth.host.linux;

import dev.berth.host.ObservationException;
import dev.berth.host.SharedAnswer;
import dev.berth.model.ProcessFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Finds every holder of some sockets now, by reading the descriptors of every process. Requests that come while a scan is
 * running share the next one, so that fifty conflicts at once cost two scans and not fifty; nobody gets an answer from a scan
 * that began before the request. For any thread.
 */
final class HolderScan {
    private final ProcessReader reader;
    private final ProcessSockets processes = new ProcessSockets();
    private final SharedAnswer<Long, Findings> scans;

    /**
     * @param holders by the socket's inode, oldest first; a socket that nobody holds is not in it
     * @param denials what could not be read
     */
    record Findings(Map<Long, List<ProcessFacts>> holders, Denials denials) {
        List<ProcessFacts> of(long inode) {
            return holders.getOrDefault(inode, List.of());
        }
    }

    /** @param nanos monotonic nanoseconds */
    HolderScan(ProcessReader reader, LongSupplier nanos) {
        this.reader = reader;
        this.scans = new SharedAnswer<>(this::scan, nanos);
    }

    Findings find(Set<Long> inodes) throws ObservationException {
        return inodes.isEmpty() ? new Findings(Map.of(), Denials.NONE) : scans.about(inodes);
    }

    private Findings scan(Set<Long> inodes) throws ObservationException {
        try {
            return holders(inodes);
        } catch (IOException e) {
            throw new ObservationException("the holders of sockets can't be searched: " + e.getMessage(), e);
        }
    }

    private Findings holders(Set<Long> inodes) throws IOException {
        long[] wanted = inodes.stream().mapToLong(Long::longValue).sorted().toArray();
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
