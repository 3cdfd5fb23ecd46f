package dev.berth.model;

import java.time.Duration;
import java.util.Optional;

/**
 * How to tell that a service works; carried out by a {@code HealthCheck} of that kind.
 *
 * @param interval from one check to the next; empty is what the setting {@code health.interval} says
 * @param startPeriod how long after a start failures say nothing
 * @param failures in a row, after which it does not work
 * @param successes in a row, after which it works
 * @param expectBody a regular expression, found anywhere in the beginning of the answer
 */
public record HealthCheckSpec(
        String kind,
        String target,
        Optional<Duration> interval,
        Duration timeout,
        Duration startPeriod,
        int failures,
        int successes,
        Optional<String> expectStatus,
        Optional<String> expectBody) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);
    public static final Duration DEFAULT_START_PERIOD = Duration.ofSeconds(30);
    public static final int DEFAULT_FAILURES = 3;
    public static final int DEFAULT_SUCCESSES = 1;

    /** A check of a URL with every default. */
    public static HealthCheckSpec http(String url) {
        return new HealthCheckSpec(
                "http",
                url,
                Optional.empty(),
                DEFAULT_TIMEOUT,
                DEFAULT_START_PERIOD,
                DEFAULT_FAILURES,
                DEFAULT_SUCCESSES,
                Optional.empty(),
                Optional.empty());
    }

    /** The same check of something else. */
    public HealthCheckSpec withTarget(String other) {
        return new HealthCheckSpec(
                kind, other, interval, timeout, startPeriod, failures, successes, expectStatus, expectBody);
    }

    /** The same check with another start period. */
    public HealthCheckSpec withStartPeriod(Duration other) {
        return new HealthCheckSpec(
                kind, target, interval, timeout, other, failures, successes, expectStatus, expectBody);
    }
}
