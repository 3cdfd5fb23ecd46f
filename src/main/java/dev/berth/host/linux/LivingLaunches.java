package dev.berth.host.linux;

import dev.berth.model.Marker;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which launches have processes that live, by the marker in their environments. Each process is asked once; from then on a
 * pidfd stands for it, and one system call tells which of them all have ended. So a look costs a listing of {@code /proc},
 * where reading what every process is costs twenty times as much. Not safe for use by two threads at once.
 */
final class LivingLaunches implements AutoCloseable {
    /** A descriptor each: a few thousand are within what systemd gives a service, and more than most machines run. */
    static final int MOST = 4096;

    private final ProcessSockets processes = new ProcessSockets();
    private final Map<Long, Known> known = new HashMap<>();
    private final Epoll epoll;
    private final int most;

    LivingLaunches() throws CallException {
        this(MOST);
    }

    LivingLaunches(int most) throws CallException {
        this.epoll = new Epoll();
        this.most = most;
    }

    private static final class Known {
        final Pidfd pidfd;
        boolean settled;
        Optional<String> launch = Optional.empty();

        Known(Pidfd pidfd) {
            this.pidfd = pidfd;
        }
    }

    /**
     * The launches that a process lives of. One that ended while this looks may be counted still; none is missing that began
     * before.
     *
     * @param settledBefore in ticks since boot: who started later is asked again the next time
     * @return empty where that can't be told in this way: too many processes, no descriptors left, a kernel without pidfds
     * @throws IOException when {@code /proc} can't be listed
     */
    Optional<Set<String>> look(long settledBefore) throws IOException {
        try {
            forgetEnded();
            long[] pids = processes.pids();
            if (pids.length > most) {
                forgetAll();
                return Optional.empty();
            }
            Set<String> living = new HashSet<>();
            for (long pid : pids) {
                launch(pid, settledBefore).ifPresent(living::add);
            }
            return Optional.of(living);
        } catch (CallException refused) {
            forgetAll();
            return Optional.empty();
        }
    }

    private void forgetEnded() {
        boolean more = true;
        while (more) {
            more = epoll.await(0, (pid, hungUp) -> forget(pid));
        }
    }

    private Optional<String> launch(long pid, long settledBefore) throws CallException {
        Known process = known.get(pid);
        if (process != null && process.settled) {
            return process.launch;
        }
        if (process == null) {
            Optional<Pidfd> opened = open(pid);
            if (opened.isEmpty()) {
                return Optional.empty();
            }
            process = new Known(opened.get());
            known.put(pid, process);
            epoll.add(opened.get().descriptor(), pid);
        }
        process.settled = ProcScan.stat(pid)
                .filter(stat -> stat.startTicks() < settledBefore)
                .isPresent();
        process.launch = ProcScan.environment(pid).flatMap(text -> ProcText.variable(text, Marker.LAUNCH));
        if (process.pidfd.hasEnded()) {
            // What was read may be a newcomer's of the same number, which began after the look.
            forget(pid);
            return Optional.empty();
        }
        return process.launch;
    }

    /** Empty when it has gone meanwhile. */
    private static Optional<Pidfd> open(long pid) throws CallException {
        try {
            return Optional.of(Pidfd.open(pid));
        } catch (CallException e) {
            if (e.errno() == Errno.ESRCH) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void forget(long pid) {
        Known ended = known.remove(pid);
        if (ended != null) {
            epoll.remove(ended.pidfd.descriptor());
            ended.pidfd.close();
        }
    }

    private void forgetAll() {
        Set.copyOf(known.keySet()).forEach(this::forget);
    }

    @Override
    public void close() {
        forgetAll();
        epoll.close();
    }
}
