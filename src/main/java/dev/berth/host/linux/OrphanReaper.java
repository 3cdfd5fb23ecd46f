package dev.berth.host.linux;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/**
 * Takes the status of ended processes that nobody else will. The kernel hands every process whose parent has ended to the
 * first one of its container; where that is Berth, each of them would stay a zombie and keep its pid until the container
 * ends. A round without any costs one system call. Not safe for use by many threads.
 */
public final class OrphanReaper {
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    /** Look, and leave it there. */
    private static final int WNOWAIT = 0x0100_0000;

    private static final int SIGINFO_BYTES = 128;
    private static final int SI_PID = 16;

    private final Kernel kernel;
    /** Start times of the zombies that the last round found, by pid. */
    private Map<Long, Long> seen = Map.of();

    /** What the reaper asks of the kernel. */
    interface Kernel {
        /** Has any child of this process ended that nobody took the status of? */
        boolean anyEnded() throws CallException;

        /** Children of this process that have ended, own ones too. */
        List<ProcStat> zombies() throws IOException;

        /** Takes the status of this child, and so frees its pid. */
        void take(long pid) throws CallException;
    }

    /** Reaps what the kernel hands to this process. */
    public OrphanReaper() {
        this(new LinuxKernel());
    }

    OrphanReaper(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Does the kernel hand orphans to this process, because it is the first one of its pid namespace? */
    public static boolean isNeeded() {
        return ProcessHandle.current().pid() == 1;
    }

    /**
     * One round. A zombie is taken in the second round that finds it, so that whoever watches the process can read before
     * how it ended.
     *
     * @return the pids that are free again
     * @throws IOException when the kernel does not tell
     */
    public List<Long> reap() throws IOException {
        if (!kernel.anyEnded()) {
            seen = Map.of();
            return List.of();
        }
        List<Long> reaped = new ArrayList<>();
        Map<Long, Long> found = new HashMap<>();
        Lock complete = OwnChildren.complete();
        complete.lock();
        try {
            for (ProcStat zombie : kernel.zombies()) {
                long pid = zombie.pid();
                if (OwnChildren.contains(pid)) {
                    continue;
                }
                if (Long.valueOf(zombie.startTicks()).equals(seen.get(pid))) {
                    kernel.take(pid);
                    reaped.add(pid);
                } else {
                    found.put(pid, zombie.startTicks());
                }
            }
        } finally {
            complete.unlock();
        }
        seen = found;
        return List.copyOf(reaped);
    }

    /** The kernel itself. */
    private static final class LinuxKernel implements Kernel {
        static {
            Native.register(LinuxKernel.class, "c");
        }

        private final ProcessSockets processes = new ProcessSockets();
        private final long self = ProcessHandle.current().pid();

        @Override
        public boolean anyEnded() throws CallException {
            return wait(P_ALL, 0, WNOWAIT) != 0;
        }

        @Override
        public List<ProcStat> zombies() throws IOException {
            List<ProcStat> zombies = new ArrayList<>();
            for (long pid : processes.pids()) {
                Optional<ProcStat> stat = ProcScan.stat(pid);
                stat.filter(each -> each.parent() == self && each.isZombie()).ifPresent(zombies::add);
            }
            return zombies;
        }

        @Override
        public void take(long pid) throws CallException {
            wait(P_PID, (int) pid, 0);
        }

        /** Answers the pid, or 0 when there is none. */
        private static int wait(int kind, int id, int options) throws CallException {
            ByteBuffer info = ByteBuffer.allocateDirect(SIGINFO_BYTES).order(ByteOrder.nativeOrder());
            if (waitid(kind, id, info, WEXITED | WNOHANG | options) < 0) {
                int errno = Native.getLastError();
                if (errno == Errno.ECHILD) {
                    return 0;
                }
                throw new CallException("waitid", errno);
            }
            return info.getInt(SI_PID);
        }

        private static native int waitid(int kind, int id, ByteBuffer info, int options);
    }
}
