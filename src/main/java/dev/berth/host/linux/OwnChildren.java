package dev.berth.host.linux;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The children that this program started and waits for itself, so that {@link OrphanReaper} can tell them from those that
 * the kernel handed to it. Every start in this package goes through here. One for the whole program, as the kernel's own
 * table of children is. Safe for use by many threads.
 */
final class OwnChildren {
    private static final Set<Long> PIDS = ConcurrentHashMap.newKeySet();

    /** Read: somebody is between a start and its entry here. Written: nobody is. */
    private static final ReadWriteLock STARTS = new ReentrantReadWriteLock();

    private OwnChildren() {}

    /** To be held from before a child is started until it has been {@linkplain #add added}. */
    static Lock starting() {
        return STARTS.readLock();
    }

    /** While it is held, every own child there is has been added, and runs a program of its own with none of our sockets. */
    static Lock complete() {
        return STARTS.writeLock();
    }

    /** A child that is waited for. */
    static void add(long pid) {
        PIDS.add(pid);
    }

    /** Its status has been taken: the pid may be anybody's now. */
    static void remove(long pid) {
        PIDS.remove(pid);
    }

    static boolean contains(long pid) {
        return PIDS.contains(pid);
    }

    /** Starts a child whose status the JDK takes. */
    static Process start(ProcessBuilder builder) throws IOException {
        Lock starting = starting();
        starting.lock();
        try {
            Process process = builder.start();
            add(process.pid());
            // Only after the JDK took its status is this complete.
            process.onExit().thenRun(() -> remove(process.pid()));
            return process;
        } finally {
            starting.unlock();
        }
    }
}
