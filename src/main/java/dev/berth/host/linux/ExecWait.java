package dev.berth.host.linux;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * How long one look waits for processes that are just executing another program, all of them together: one that hangs in that,
 * on a dead mount, keeps nobody from the rest for long. For one thread.
 */
final class ExecWait {
    /** The kernel is between two programs for some 50 µs (Linux 6.18); longer only where others have its processor. */
    private static final Duration PAUSE = Duration.ofNanos(50_000);

    /** With what a timer and the reads add, some 40 ms: more than a few turns of others on a busy machine. */
    private static final int MOST = 300;

    private int left;

    /** @param most so often {@link #pause} waits */
    ExecWait(int most) {
        this.left = most;
    }

    static ExecWait forOneLook() {
        return new ExecWait(MOST);
    }

    /** Waits a little. @return false where this look has waited enough */
    boolean pause() {
        if (left == 0) {
            return false;
        }
        left--;
        LockSupport.parkNanos(PAUSE.toNanos());
        return true;
    }
}
