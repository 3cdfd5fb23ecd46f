package dev.berth.host;

import dev.berth.model.ProcessRef;
import java.util.Optional;
import java.util.Set;

/** Signals processes and notices their end. */
public interface ProcessControl extends AutoCloseable {
    /**
     * Proves the identity again and signals, with nothing in between in which the pid could pass to another process: the
     * process is pinned, its start time and boot compared, and, when {@code inodes} is not empty, at least one of these
     * sockets found among its descriptors. Init, kernel threads, Berth itself and its ancestors are refused here too,
     * whatever the caller asks.
     */
    SignalResult signal(ProcessRef process, Set<Long> inodes, Signal signal);

    /** Does the process run (a zombie does not)? */
    Liveness liveness(ProcessRef process);

    /**
     * Calls back once, on a thread of this seam and within milliseconds, when the process has ended; at once when it
     * already has. The callback must return at once.
     *
     * @return closes the watch
     */
    Watch onExit(ProcessRef process, Runnable callback);

    /**
     * How the process ended, as far as the kernel told this Berth: known for those that it started itself, for
     * others until their parent has noticed, and, on newer kernels, for those that it watched with {@link #onExit} when they
     * ended. Kept for the latest few thousand.
     */
    default Optional<ExitStatus> exitStatus(ProcessRef process) {
        return Optional.empty();
    }

    @Override
    void close();

    /** Ends a watch; closing twice does nothing. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Is a process there? */
    enum Liveness {
        ALIVE,
        /** Gone, a zombie, or the pid belongs to another process now. */
        GONE,
        UNKNOWN
    }
}
