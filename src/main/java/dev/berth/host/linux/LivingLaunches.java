package dev.berth.host.linux;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Which launches have processes that live, by the marker in their environments. Each process is asked once; from then on a
 * pidfd stands for it, and one system call tells which of them all have ended. So a look costs a listing of {@code /proc} and
 * what is new there, where reading what every process is takes several times as long.
 */
final class LivingLaunches implements AutoCloseable {
    /** A descriptor each, and more processes than most machines run. */
    private static final int MOST = 4096;

    /** The part of the descriptors that this program may have which this takes at most: the others need them too. */
    private static final int SHARE = 4;

    private final ProcessSockets processes = new ProcessSockets();
    private final Map<Long, Known> known = new HashMap<>();
    private final Epoll epoll;
    private final IntSupplier most;
    private boolean closed;

    LivingLaunches() throws CallException {
        this(LivingLaunches::affordable);
    }

    /** @param most so many processes are watched; asked at each look */
    LivingLaunches(IntSupplier most) throws CallException {
        this.epoll = new Epoll();
        this.most = most;
    }

    private static int affordable() {
        return (int) Math.min(MOST, FileCalls.mostDescriptors() / SHARE);
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
    synchronized Optional<Set<String>> look(long settledBefore) throws IOException {
        if (closed) {
            return Optional.empty();
        }
        try {
            forgetEnded();
            long[] pids = processes.pids();
            if (pids.length > most.getAsInt()) {
                forgetAll();
                return Optional.empty();
            }
            ExecWait wait = ExecWait.forOneLook();
            Set<String> living = new HashSet<>();
            for (long pid : pids) {
                launch(pid, settledBefore, wait).ifPresent(living::add);
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

    private Optional<String> launch(long pid, long settledBefore, ExecWait wait) throws CallException {
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
        Optional<ProcStat> stat = ProcScan.stat(pid);
        Optional<LaunchMark> mark =
                stat.isPresent() ? LaunchMark.read(stat.get(), settledBefore, wait) : Optional.empty();
        if (mark.isPresent()) {
            process.settled = mark.get().lasts();
            process.launch = mark.get().launch();
        }
        Optional<String> launch = process.launch;
        if (process.pidfd.hasEnded()) {
            // Whatever it became in its last moment, it was of that launch; or a newcomer of the same number is.
            forget(pid);
        }
        return launch;
    }

    /** Empty when it has gone meanwhile. */
    private static Optional<Pidfd> open(long pid) throws CallException {
        try {
            return Optional.of(Pidfd.open(pid));
        } catch (CallException e) {
            // A number that is meanwhile a thread's is invalid.
            return switch (e.errno()) {
                case Errno.ESRCH, Errno.ENOENT, Errno.EINVAL -> Optional.empty();
                default -> throw e;
            };
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
    public synchronized void close() {
        if (!closed) {
            closed = true;
            forgetAll();
            epoll.close();
        }
    }
}
