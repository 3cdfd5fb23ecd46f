package dev.berth.report;

import dev.berth.model.Latencies;
import dev.berth.model.Measure;
import dev.berth.model.Measurement;
import dev.berth.model.Resolution;
import dev.berth.model.Spread;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a service used over a period, added up from its measurements.
 *
 * @param measured how much time there are measurements of; of the rest nothing is known
 * @param spreads lowest, mean and highest of each measure while it was measured
 * @param cpuTime used while it was measured
 * @param received bytes through the connections that it accepted, while that was measured; at least so many
 * @param sent the same
 * @param latencies of the good answers to its health checks
 */
public record PerformanceReport(
        Duration measured,
        Map<Measure, Spread> spreads,
        Optional<Duration> cpuTime,
        Optional<Double> received,
        Optional<Double> sent,
        Latencies latencies) {
    /** Adds up measurements of whatever resolution, none of which overlaps another. */
    public static PerformanceReport of(Collection<Measurement> measurements) {
        Map<Measure, Spread> spreads = new EnumMap<>(Measure.class);
        Latencies latencies = Latencies.NONE;
        for (Measurement each : measurements) {
            each.spreads().forEach((measure, spread) -> spreads.merge(measure, spread, Spread::plus));
            latencies = latencies.plus(each.latencies());
        }
        return new PerformanceReport(
                time(spreads, Measure.UP).orElse(Duration.ZERO),
                spreads,
                amount(spreads, Measure.CPU).map(cores -> Duration.ofMillis(Math.round(cores * 1000))),
                amount(spreads, Measure.RECEIVED),
                amount(spreads, Measure.SENT),
                latencies);
    }

    public Optional<Spread> of(Measure measure) {
        return Optional.ofNullable(spreads.get(measure));
    }

    /** A rate over the time in which it was measured. */
    private static Optional<Double> amount(Map<Measure, Spread> spreads, Measure rate) {
        return Optional.ofNullable(spreads.get(rate))
                .map(spread -> spread.mean() * time(spread).toSeconds());
    }

    private static Optional<Duration> time(Map<Measure, Spread> spreads, Measure measure) {
        return Optional.ofNullable(spreads.get(measure)).map(PerformanceReport::time);
    }

    /** Every span of the finest resolution counts once in the weights. */
    private static Duration time(Spread spread) {
        return Resolution.DETAIL.width().multipliedBy(spread.weight());
    }
}
