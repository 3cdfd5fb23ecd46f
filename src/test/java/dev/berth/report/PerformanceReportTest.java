package dev.berth.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.berth.model.Latencies;
import dev.berth.model.Measure;
import dev.berth.model.Measurement;
import dev.berth.model.Resolution;
import dev.berth.model.Spread;
import dev.berth.testing.Gen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PerformanceReportTest {
    private static final Instant NOON = Instant.parse("2025-03-01T12:00:00Z");

    @Test
    void addsUpWhatWasMeasuredAndNothingElse() {
        List<Measurement> measured = List.of(
                new Measurement(
                        NOON,
                        Resolution.DETAIL,
                        Map.of(
                                Measure.UP, Spread.of(1),
                                Measure.CPU, Spread.of(2),
                                Measure.RECEIVED, Spread.of(100)),
                        Latencies.NONE),
                new Measurement(
                        NOON.plusSeconds(15), Resolution.DETAIL, Map.of(Measure.UP, Spread.of(0)), Latencies.NONE),
                new Measurement(
                        NOON.plusSeconds(30),
                        Resolution.DETAIL,
                        Map.of(Measure.UP, Spread.of(1), Measure.CPU, new Spread(0, 1, 4, 1)),
                        Latencies.NONE));
        PerformanceReport report = PerformanceReport.of(measured);
        assertThat(report.measured()).isEqualTo(Duration.ofSeconds(45));
        assertThat(report.of(Measure.CPU)).contains(new Spread(0, 1.5, 4, 2));
        assertThat(report.cpuTime()).as("of the two spans in which it is known").contains(Duration.ofSeconds(45));
        assertThat(report.received()).contains(1500.0);
        assertThat(report.sent()).isEmpty();
        assertThat(report.of(Measure.MEMORY)).isEmpty();
        assertThat(PerformanceReport.of(List.of()).measured()).isZero();
    }

    @Test
    void itIsTheSameHoweverCoarselyTheMeasurementsAreKept() {
        Gen.check(50, gen -> {
            List<Measurement> fine = new ArrayList<>();
            List<Duration> answers = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                if (gen.chance(80)) {
                    Duration took = Duration.ofMillis(gen.number(1, 2000));
                    answers.add(took);
                    fine.add(new Measurement(
                            NOON.plusSeconds(15L * i),
                            Resolution.DETAIL,
                            Map.of(
                                    Measure.UP, Spread.of(1),
                                    Measure.CPU, Spread.of(gen.number(0, 4000) / 1000.0),
                                    Measure.RESPONSE_TIME, Spread.of(took.toMillis() / 1000.0)),
                            Latencies.of(took)));
                }
            }
            List<Measurement> minutes = Measurement.together(fine, Resolution.MINUTE);
            List<Measurement> mixed = new ArrayList<>(Measurement.together(minutes.subList(0, 30), Resolution.QUARTER));
            mixed.addAll(minutes.subList(30, minutes.size()));
            PerformanceReport exact = PerformanceReport.of(fine);
            PerformanceReport coarse = PerformanceReport.of(mixed);
            Spread one = exact.of(Measure.CPU).orElseThrow();
            Spread other = coarse.of(Measure.CPU).orElseThrow();
            assertThat(other.min()).isEqualTo(one.min());
            assertThat(other.max()).isEqualTo(one.max());
            assertThat(other.mean()).isCloseTo(one.mean(), within(1e-9));
            assertThat(coarse.measured()).isEqualTo(exact.measured());
            assertThat(coarse.latencies()).isEqualTo(exact.latencies());

            answers.sort(null);
            for (double share : new double[] {0.5, 0.95}) {
                double truth =
                        answers.get((int) Math.ceil(share * answers.size()) - 1).toNanos();
                double told = coarse.latencies().quantile(share).orElseThrow().toNanos();
                assertThat(told / truth).isBetween(0.95, 1.05);
            }
        });
    }
}
