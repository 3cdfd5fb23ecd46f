package dev.berth.host.linux;

import dev.berth.host.ExitStatus;
import dev.berth.model.ProcessRef;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How processes ended. Of Berth's own children it takes the status from the kernel, which also frees their pids. Of all
 * others {@code /proc} tells as long as the parent has not taken the status, which a careless pid 1 may put off for seconds,
 * and newer kernels tell afterwards. Safe for use by many threads.
 */
final class ExitStatuses {
    /** Far more than ends before anybody asks; some 500 KiB when full. */
    private static final int KEPT = 4096;

    private final boolean kernelTells;
    private final ProcFiles files;
    private final Set<ProcessRef> children = new HashSet<>();
    private final Map<ProcessRef, ExitStatus> known = new LinkedHashMap<>();

    /** @param kernelTells of processes that are not Berth's children, once their parents have taken the status */
    ExitStatuses(boolean kernelTells, ProcFiles files) {
        this.kernelTells = kernelTells;
        this.files = files;
    }

    /** A process that Berth started, and that nobody else waits for. */
    synchronized void adopt(ProcessRef child) {
        children.add(child);
        OwnChildren.add(child.pid());
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
                    forget(process);
                    keep(process, value);
                });
                return status.isPresent();
            } catch (CallException notOurs) {
                // Reaped by somebody in this JVM who waits for any child: the kernel may still tell, as of a stranger.
                forget(process);
            }
        }
        // In this order: what was not a zombie any more at the first look has been taken by the second.
        Optional<ExitStatus> told = untaken(process).or(pidfd::exitStatus);
        told.ifPresent(value -> keep(process, value));
        return told.isPresent() || !kernelTells;
    }

    private void forget(ProcessRef child) {
        children.remove(child);
        OwnChildren.remove(child.pid());
    }

    /** How a process ended whose parent did not notice yet. */
    Optional<ExitStatus> untaken(ProcessRef process) {
        return files.stat(process.pid())
                .found()
                .filter(stat -> stat.startTicks() == process.startTicks())
                .flatMap(ProcStat::ended);
    }

    private void keep(ProcessRef process, ExitStatus status) {
        known.put(process, status);
        if (known.size() > KEPT) {
            known.remove(known.keySet().iterator().next());
        }
    }
}
