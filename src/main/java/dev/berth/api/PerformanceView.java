package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.model.Latencies;
import dev.berth.model.Measure;
import dev.berth.model.Spread;
import dev.berth.report.PerformanceReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a service used over a period, as it is sent, in bytes, seconds and cores. What was not measured is absent.
 *
 * @param measuredSeconds how much time there are measurements of
 * @param trend the period in some two dozen steps, from where something is known of it
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record PerformanceView(
        double measuredSeconds,
        Optional<SpreadView> cpu,
        Optional<Double> cpuSeconds,
        Optional<SpreadView> memory,
        Optional<SpreadView> threads,
        Optional<SpreadView> openFiles,
        Optional<ResponseView> responseTime,
        Optional<ThroughputView> throughput,
        Optional<Double> up,
        Optional<Double> ready,
        TrendView trend) {
    /** Of all the single looks: the highest is no mean. */
    record SpreadView(double min, double mean, double max) {
        static SpreadView of(Spread spread, Measure measure) {
            return new SpreadView(
                    MeasurementsView.rounded(spread.min(), measure),
                    MeasurementsView.rounded(spread.mean(), measure),
                    MeasurementsView.rounded(spread.max(), measure));
        }
    }

    /** @param p50 what half of the good answers took at most, within 5 %; {@code p95} likewise */
    record ResponseView(long answers, double min, double mean, double max, double p50, double p95) {}

    /** @param atLeast what came and went between two looks is not in it */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ThroughputView(
            boolean atLeast,
            Optional<Double> bytesIn,
            Optional<Double> bytesOut,
            Optional<SpreadView> bytesInPerSecond,
            Optional<SpreadView> bytesOutPerSecond) {}

    /** @param cpu means of the steps, as in all lists; null where nothing was measured */
    record TrendView(
            String since,
            String step,
            List<@Nullable Double> cpu,
            List<@Nullable Double> memory,
            List<@Nullable Double> responseTime,
            List<@Nullable Double> bytesOutPerSecond) {
        static TrendView of(MeasurementsView view) {
            return new TrendView(
                    view.since(),
                    view.step(),
                    means(view.series(), Measure.CPU),
                    means(view.series(), Measure.MEMORY),
                    means(view.series(), Measure.RESPONSE_TIME),
                    means(view.series(), Measure.SENT));
        }

        private static List<@Nullable Double> means(Map<String, MeasurementsView.Series> series, Measure measure) {
            return Optional.ofNullable(series.get(measure.label()))
                    .map(MeasurementsView.Series::mean)
                    .orElse(List.of());
        }
    }

    static PerformanceView of(PerformanceReport report, MeasurementsView trend) {
        return new PerformanceView(
                report.measured().toSeconds(),
                spread(report, Measure.CPU),
                report.cpuTime().map(PerformanceView::seconds),
                spread(report, Measure.MEMORY),
                spread(report, Measure.THREADS),
                spread(report, Measure.OPEN_FILES),
                response(report),
                throughput(report),
                spread(report, Measure.UP).map(SpreadView::mean),
                spread(report, Measure.READY).map(SpreadView::mean),
                TrendView.of(trend));
    }

    private static Optional<SpreadView> spread(PerformanceReport report, Measure measure) {
        return report.of(measure).map(spread -> SpreadView.of(spread, measure));
    }

    private static Optional<ResponseView> response(PerformanceReport report) {
        Latencies latencies = report.latencies();
        return spread(report, Measure.RESPONSE_TIME)
                .flatMap(times -> latencies
                        .quantile(0.5)
                        .flatMap(half -> latencies
                                .quantile(0.95)
                                .map(most -> new ResponseView(
                                        latencies.total(),
                                        times.min(),
                                        times.mean(),
                                        times.max(),
                                        // The middle of the last bin may lie beyond what was seen.
                                        Math.min(times.max(), seconds(half)),
                                        Math.min(times.max(), seconds(most))))));
    }

    private static Optional<ThroughputView> throughput(PerformanceReport report) {
        return report.of(Measure.CONNECTIONS)
                .map(seen -> new ThroughputView(
                        true,
                        report.received().map(PerformanceView::whole),
                        report.sent().map(PerformanceView::whole),
                        spread(report, Measure.RECEIVED),
                        spread(report, Measure.SENT)));
    }

    private static double whole(double bytes) {
        return Math.rint(bytes);
    }

    private static double seconds(Duration duration) {
        return Math.round(duration.toNanos() / 1000.0) / 1_000_000.0;
    }
}
