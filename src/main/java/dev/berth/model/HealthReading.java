package dev.berth.model;

import java.time.Duration;
import java.time.Instant;

/**
 * What a service's health check says, its thresholds applied.
 *
 * @param verdict what follows from the latest results together
 * @param detail what was seen last, for people: {@code 200}, {@code connection refused}
 * @param took how long the last answer took
 * @param at when it was seen
 * @param inARow results of the same kind up to now
 */
public record HealthReading(Verdict verdict, String detail, Duration took, Instant at, int inARow) {
    /** Does it work? */
    public enum Verdict {
        PASSING,
        FAILING,
        /** Too few results to tell. */
        UNDECIDED
    }
}
