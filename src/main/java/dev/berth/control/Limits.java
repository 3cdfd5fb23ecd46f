package dev.berth.control;

import java.time.Duration;

/**
 * What bounds the loop.
 *
 * @param workers passes at once; they mostly wait for the disk, which gathers what they write into one transaction
 * @param queueCapacity distinct keys; beyond it an add is refused, and the next resync brings the key again
 * @param backoffFirst the delay after a first failure; doubles with each further one, with jitter
 * @param backoffMost the longest delay after a failure; short, because what failed is usually the machine being busy
 * @param rounds how often one pass plans again when the world differs from the plan at the moment of acting
 * @param lookAge a look older than this is taken anew before planning
 */
public record Limits(
        int workers, int queueCapacity, Duration backoffFirst, Duration backoffMost, int rounds, Duration lookAge) {
    public static final int DEFAULT_WORKERS = 32;
    public static final int DEFAULT_QUEUE_CAPACITY = 100_000;
    public static final Duration DEFAULT_BACKOFF_FIRST = Duration.ofMillis(50);
    public static final Duration DEFAULT_BACKOFF_MOST = Duration.ofSeconds(10);
    public static final int DEFAULT_ROUNDS = 8;
    public static final Duration DEFAULT_LOOK_AGE = Duration.ofSeconds(2);

    public static Limits defaults() {
        return new Limits(
                DEFAULT_WORKERS,
                DEFAULT_QUEUE_CAPACITY,
                DEFAULT_BACKOFF_FIRST,
                DEFAULT_BACKOFF_MOST,
                DEFAULT_ROUNDS,
                DEFAULT_LOOK_AGE);
    }
}
