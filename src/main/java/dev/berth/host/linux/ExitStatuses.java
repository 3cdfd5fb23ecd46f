package dev.berth.host.linux;

import dev.berth.host.ExitStatus;
import dev.berth.model.ProcessRef;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How processes ended. Of Berth's own children it takes the status from the kernel, which also frees their pids; of all
 * others it asks newer kernels, which tell once the parent has taken it. Safe for use by many threads.
 */
final class ExitStatuses {
    /** Far more than ends before anybody asks; some 500 KiB when full. */
    private static final int KEPT = 4096;

    private final boolean kernelTells;
    private final Set<ProcessRef> children = new HashSet<>();
    private final Map<ProcessRef, ExitStatus> known = new LinkedHashMap<>();

    /** @param kernelTells of processes that are not Berth's children */
    ExitStatuses(boolean kernelTells) {
        this.kernelTells = kernelTells;
    }

    /** A process that Berth started, and that nobody else waits for. */
    synchronized void adopt(ProcessRef child) {
        children.add(child);
    }

    synchronized Optional<ExitStatus> of(ProcessRef process) {
        return Optional.ofNullable(known.get(process));
    }

    /**
     * Looks how the process ended.
     *
     * @return false when more may be known later: it has not ended, or its parent or who traces it did not notice yet
     */
    synchronized boolean learn(ProcessRef process, Pidfd pidfd) {
        if (known.containsKey(process)) {
            return true;
        }
        if (children.contains(process)) {
            try {
                Optional<ExitStatus> status = pidfd.reap();
                status.ifPresent(value -> {
                    children.remove(process);
                    keep(process, value);
                });
                return status.isPresent();
            } catch (CallException notOurs) {
                // Reaped by somebody in this JVM who waits for any child: the kernel may still tell, as of a stranger.
                children.remove(process);
            }
        }
        Optional<ExitStatus> told = pidfd.exitStatus();
        told.ifPresent(value -> keep(process, value));
        return told.isPresent() || !kernelTells;
    }

    private void keep(ProcessRef process, ExitStatus status) {
        known.put(process, status);
        if (known.size() > KEPT) {
            known.remove(known.keySet().iterator().next());
        }
    }
}
