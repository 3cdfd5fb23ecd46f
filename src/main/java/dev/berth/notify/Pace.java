package dev.berth.notify;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and how soon is tried again.
 *
 * @param attempts at most, the first included
 * @param oldest what is older when its turn comes is not news any more
 */
public record Pace(int attempts, Duration first, Duration most, Duration timeout, Duration oldest) {
    /** Ten attempts in some eight minutes: a receiver that restarts or is redeployed misses nothing. */
    public static final Pace USUAL =
            new Pace(10, Duration.ofSeconds(1), Duration.ofMinutes(4), Duration.ofSeconds(10), Duration.ofDays(1));

    /** Half of the pause is certain, half is chance. @param failures in a row, at least one */
    Duration pause(int failures, RandomGenerator jitter) {
        long whole = Math.min(most.toNanos(), first.toNanos() << Math.min(failures - 1, 20));
        return Duration.ofNanos(whole / 2 + jitter.nextLong(Math.max(1, whole / 2)));
    }
}
