package dev.berth.health;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A moment by which all steps of a check together are done.
 *
 * @param ticker monotonic nanoseconds
 * @param start when the check began, by the ticker
 * @param end when it has to be done, by the ticker
 */
record Deadline(LongSupplier ticker, long start, long end) {
    static Deadline in(Duration timeout, LongSupplier ticker) {
        long now = ticker.getAsLong();
        return new Deadline(ticker, now, now + timeout.toNanos());
    }

    /** This one, or a closer one that is so far away from now. */
    Deadline within(Duration most) {
        long sooner = ticker.getAsLong() + most.toNanos();
        return new Deadline(ticker, start, sooner - end < 0 ? sooner : end);
    }

    Duration elapsed() {
        return Duration.ofNanos(ticker.getAsLong() - start);
    }

    /**
     * What is left, in milliseconds, at least one.
     *
     * @throws SocketTimeoutException when nothing is
     */
    int millisLeft() throws SocketTimeoutException {
        long left = end - ticker.getAsLong();
        if (left <= 0) {
            throw new SocketTimeoutException("the time is over");
        }
        return (int) Math.min(Integer.MAX_VALUE, 1 + TimeUnit.NANOSECONDS.toMillis(left));
    }
}
