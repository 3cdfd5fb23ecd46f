package dev.berth.store;

import static dev.berth.model.Measure.CPU;
import static dev.berth.model.Measure.MEMORY;
import static dev.berth.model.Measure.RECEIVED;
import static dev.berth.model.Measure.RESPONSE_TIME;
import static dev.berth.model.Resolution.DETAIL;
import static dev.berth.model.Resolution.MINUTE;
import static dev.berth.model.Resolution.QUARTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.berth.model.Latencies;
import dev.berth.model.Measure;
import dev.berth.model.Measurement;
import dev.berth.model.ServiceKey;
import dev.berth.model.Spread;
import dev.berth.store.MeasurementStore.Keep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every store of measurements keeps. Each test starts with an empty one. */
public abstract class MeasurementStoreContract {
    private static final Instant NOON = Instant.parse("2025-03-01T12:00:00Z");
    private static final ServiceKey WEB = ServiceKey.parse("default/web");
    private static final ServiceKey API = ServiceKey.parse("default/api");
    private static final Keep KEEP = new Keep(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(30), 100_000);

    /** The same store for the length of a test. */
    protected abstract MeasurementStore store();

    private static Measurement point(Instant start, Map<Measure, Double> values) {
        Map<Measure, Spread> spreads = new EnumMap<>(Measure.class);
        values.forEach((measure, value) -> spreads.put(measure, Spread.of(value)));
        return new Measurement(start, DETAIL, spreads, Latencies.NONE);
    }

    private void add(ServiceKey service, List<Measurement> points) throws StoreException {
        store().add(Map.of(service, points));
    }

    private List<Measurement> all(ServiceKey service) throws StoreException {
        return store().read(service, Instant.EPOCH, NOON.plus(Duration.ofDays(1000)));
    }

    @Test
    void givesBackWhatItWasGiven() throws Exception {
        Latencies answers = Latencies.of(Duration.ofMillis(3)).plus(Latencies.of(Duration.ofSeconds(2)));
        Measurement first = new Measurement(
                NOON,
                DETAIL,
                Map.of(
                        CPU, new Spread(0.25, 0.5, 3.125, 1),
                        MEMORY, Spread.of(1_234_567_890),
                        RESPONSE_TIME, new Spread(0.003, 1.0015, 2, 2)),
                answers);
        Measurement second = point(NOON.plusSeconds(45), Map.of(CPU, 0.0, MEMORY, 7.0, RECEIVED, 12.5));
        add(WEB, List.of(first, second));
        add(API, List.of(point(NOON, Map.of(CPU, 1.0))));

        assertThat(all(WEB)).containsExactly(first, second);
        assertThat(store().read(WEB, NOON.plusSeconds(15), NOON.plusSeconds(46)))
                .containsExactly(second);
        assertThat(store().read(WEB, NOON.plusSeconds(14), NOON.plusSeconds(45)))
                .containsExactly(first);
        assertThat(store().services(NOON, NOON.plusSeconds(60))).containsExactly(API, WEB);
        assertThat(store().services(NOON.plus(Duration.ofHours(1)), NOON.plus(Duration.ofHours(2))))
                .isEmpty();
        assertThat(all(ServiceKey.parse("default/other"))).isEmpty();
    }

    @Test
    void whatComesLaterOfTheSameSpanIsPutTogetherWithIt() throws Exception {
        add(WEB, List.of(point(NOON, Map.of(CPU, 1.0))));
        add(WEB, List.of(point(NOON, Map.of(CPU, 2.0, MEMORY, 5.0)), point(NOON.plusSeconds(15), Map.of(CPU, 4.0))));
        assertThat(all(WEB))
                .containsExactly(
                        new Measurement(
                                NOON,
                                DETAIL,
                                Map.of(CPU, new Spread(1, 1.5, 2, 2), MEMORY, Spread.of(5)),
                                Latencies.NONE),
                        point(NOON.plusSeconds(15), Map.of(CPU, 4.0)));
    }

    @Test
    void oldMeasurementsBecomeCoarserAndStayTrue() throws Exception {
        Random random = new Random(11);
        List<Double> cpu = new ArrayList<>();
        List<Measurement> points = new ArrayList<>();
        Latencies answers = Latencies.NONE;
        for (Instant at = NOON; at.isBefore(NOON.plus(Duration.ofHours(2))); at = at.plusSeconds(15)) {
            double value = Math.rint(random.nextDouble() * 10_000) / 10_000;
            cpu.add(value);
            Latencies answer = Latencies.of(Duration.ofMillis(1 + random.nextInt(500)));
            answers = answers.plus(answer);
            points.add(new Measurement(at, DETAIL, Map.of(CPU, Spread.of(value)), answer));
        }
        add(WEB, points);
        assertThat(all(WEB)).hasSize(480).allMatch(each -> each.resolution() == DETAIL);

        // The second hour is young enough for its details.
        assertThat(store().shorten(NOON.plus(Duration.ofMinutes(150)), KEEP)).isEqualTo(60);
        List<Measurement> mixed = all(WEB);
        assertThat(mixed).hasSize(60 + 240);
        assertThat(mixed.subList(0, 60)).allMatch(each -> each.resolution() == MINUTE);
        assertThat(mixed.subList(60, 300)).allMatch(each -> each.resolution() == DETAIL);
        Spread minute = mixed.get(0).of(CPU).orElseThrow();
        assertThat(minute.max()).isEqualTo(cpu.subList(0, 4).stream().reduce(0.0, Math::max));
        assertThat(minute.min()).isEqualTo(cpu.subList(0, 4).stream().reduce(1.0, Math::min));
        assertThat(minute.weight()).isEqualTo(4);
        assertThat(minute.mean())
                .isCloseTo(cpu.subList(0, 4).stream().mapToDouble(each -> each).sum() / 4, within(0.0001));

        store().shorten(NOON.plus(Duration.ofDays(3)), KEEP);
        List<Measurement> quarters = all(WEB);
        assertThat(quarters).hasSize(8).allMatch(each -> each.resolution() == QUARTER);
        Measurement whole = quarters.stream().reduce(Measurement::plus).orElseThrow();
        assertThat(whole.of(CPU).orElseThrow().weight()).isEqualTo(480);
        assertThat(whole.of(CPU).orElseThrow().max()).isEqualTo(cpu.stream().reduce(0.0, Math::max));
        assertThat(whole.of(CPU).orElseThrow().mean())
                .isCloseTo(cpu.stream().mapToDouble(each -> each).average().orElseThrow(), within(0.0002));
        assertThat(whole.latencies()).isEqualTo(answers);

        assertThat(store().shorten(NOON.plus(Duration.ofDays(3)), KEEP))
                .as("nothing is left to do")
                .isZero();
        assertThat(store().shorten(NOON.plus(Duration.ofDays(32)), KEEP)).isEqualTo(1);
        assertThat(all(WEB)).isEmpty();
        assertThat(store().services(Instant.EPOCH, NOON.plus(Duration.ofDays(1000))))
                .isEmpty();
    }

    @Test
    void lateMeasurementsJoinWhatHasBecomeCoarse() throws Exception {
        Instant late = NOON.plus(Duration.ofMinutes(90));
        add(WEB, List.of(point(NOON, Map.of(CPU, 1.0))));
        store().shorten(NOON.plus(Duration.ofHours(3)), KEEP);
        add(WEB, List.of(point(NOON.plusSeconds(15), Map.of(CPU, 3.0)), point(late, Map.of(CPU, 5.0))));
        store().shorten(NOON.plus(Duration.ofHours(3)), KEEP);
        assertThat(all(WEB))
                .extracting(each -> each.resolution(), each -> each.of(CPU).orElseThrow())
                .containsExactly(tuple(MINUTE, new Spread(1, 2, 3, 2)), tuple(MINUTE, Spread.of(5)));
    }

    @Test
    void nobodyIsForgottenOrTouchedWhenManyGrowOld() throws Exception {
        Map<ServiceKey, List<Measurement>> batch = new HashMap<>();
        for (String namespace : List.of("a", "a-b", "a0", "b")) {
            for (int service = 0; service < 70; service++) {
                batch.put(
                        new ServiceKey(namespace, "web-" + service),
                        List.of(
                                point(NOON, Map.of(CPU, (double) service)),
                                point(NOON.plus(Duration.ofHours(1)), Map.of(CPU, 1.0))));
            }
        }
        store().add(batch);
        assertThat(store().shorten(NOON.plus(Duration.ofHours(2)), KEEP)).isEqualTo(280);
        for (ServiceKey service : batch.keySet()) {
            assertThat(all(service))
                    .extracting(
                            Measurement::resolution,
                            each -> each.of(CPU).orElseThrow().mean())
                    .containsExactly(
                            tuple(MINUTE, Double.parseDouble(service.name().substring(4))), tuple(DETAIL, 1.0));
        }
    }

    @Test
    void noMorePagesAreKeptThanAllowed() throws Exception {
        for (int service = 0; service < 10; service++) {
            List<Measurement> points = new ArrayList<>();
            for (int minute = 0; minute < 60; minute++) {
                points.add(point(NOON.plusSeconds(60L * minute), Map.of(CPU, 1.0)));
            }
            add(ServiceKey.parse("default/web" + service), points);
        }
        store().shorten(NOON.plus(Duration.ofHours(1)), new Keep(KEEP.detail(), KEEP.minutes(), KEEP.quarters(), 250));
        int left = 0;
        for (int service = 0; service < 10; service++) {
            List<Measurement> points = all(ServiceKey.parse("default/web" + service));
            assertThat(points).as("the newest stay").isNotEmpty();
            assertThat(points.get(points.size() - 1).start()).isEqualTo(NOON.plusSeconds(60L * 59));
            left += points.size();
        }
        assertThat(left).isEqualTo(250);
    }
}
