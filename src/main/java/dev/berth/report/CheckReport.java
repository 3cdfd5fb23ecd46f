package dev.berth.report;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Health checks added up.
 *
 * @param averageSeconds of the good ones; absent without any
 * @param slowestSeconds of the good ones
 */
public record CheckReport(int checks, int failed, Optional<Double> averageSeconds, Optional<Double> slowestSeconds) {
    private static final double MILLIS = 1000;

    /** One check. */
    public record Check(Duration took, boolean healthy) {}

    /** Adds up what is given, in any order. */
    public static CheckReport of(List<Check> checks) {
        List<Duration> good =
                checks.stream().filter(Check::healthy).map(Check::took).toList();
        Optional<Double> average = good.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        good.stream().reduce(Duration.ZERO, Duration::plus).toMillis() / MILLIS / good.size());
        return new CheckReport(
                checks.size(),
                checks.size() - good.size(),
                average,
                good.stream().max(Comparator.naturalOrder()).map(slowest -> slowest.toMillis() / MILLIS));
    }
}
