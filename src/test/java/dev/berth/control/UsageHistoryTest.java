package dev.berth.control;

import static dev.berth.model.Measure.CPU;
import static dev.berth.model.Measure.MEMORY;
import static dev.berth.model.Measure.OPEN_FILES;
import static dev.berth.model.Measure.READY;
import static dev.berth.model.Measure.RECEIVED;
import static dev.berth.model.Measure.RESPONSE_TIME;
import static dev.berth.model.Measure.UP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Command;
import dev.berth.model.Measurement;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.Spread;
import dev.berth.store.MeasurementStore.Keep;
import dev.berth.store.MemoryMeasurements;
import dev.berth.store.StoreException;
import dev.berth.store.StoredSamples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Looks on virtual time, into a store in memory. */
class UsageHistoryTest {
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
    private static final Service GUARDED = StoredSamples.service("web");
    private static final Service WEB = new Service(
            GUARDED.metadata(),
            GUARDED.spec().toBuilder()
                    .command(new Command.Exec(List.of("true")))
                    .build(),
            GUARDED.status());
    private static final ServiceKey KEY = WEB.key();

    private Instant now = START;
    private final MemoryMeasurements store = new MemoryMeasurements();
    private final List<String> told = new ArrayList<>();
    private final UsageHistory history = open();

    private UsageHistory open() {
        Keep keep = new Keep(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(30), 1000);
        return new UsageHistory(store, () -> keep, () -> now, new DecisionLog() {
            @Override
            public void decided(Optional<String> conflict, String words) {
                told.add(words);
            }

            @Override
            public void trouble(Optional<String> conflict, String words) {
                told.add(words);
            }
        });
    }

    private void look(int second, Optional<Usage> usage, HealthMonitor.Sample... answers) {
        now = START.plusSeconds(second);
        history.looked(now, WEB, usage, List.of(answers));
    }

    private static Optional<Usage> usage(double cpu) {
        return Optional.of(new Usage(
                START,
                OptionalDouble.of(cpu),
                Duration.ZERO,
                1000,
                3,
                OptionalLong.empty(),
                1,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty()));
    }

    private static HealthMonitor.Sample answer(int second, long millis, boolean healthy) {
        return new HealthMonitor.Sample(START.plusSeconds(second), Duration.ofMillis(millis), healthy);
    }

    private List<Measurement> read() throws StoreException {
        return history.read(KEY, START, START.plusSeconds(3600));
    }

    @Test
    void looksAreReadBeforeAndAfterTheyAreWritten() throws Exception {
        look(0, usage(0.5));
        look(15, usage(1.5));
        look(30, Optional.empty());
        List<Measurement> before = read();
        assertThat(before)
                .extracting(each -> each.start().getEpochSecond() - START.getEpochSecond())
                .containsExactly(0L, 15L, 30L);
        assertThat(before.get(0).of(CPU)).contains(Spread.of(0.5));
        assertThat(before.get(0).of(MEMORY)).contains(Spread.of(1000));
        assertThat(before.get(0).of(UP)).contains(Spread.of(1));
        assertThat(before.get(0).of(OPEN_FILES)).as("unknown is not zero").isEmpty();
        assertThat(before.get(0).of(RECEIVED)).isEmpty();
        assertThat(before.get(2).of(CPU)).isEmpty();
        assertThat(before.get(2).of(UP)).contains(Spread.of(0));
        assertThat(before.get(2).of(READY)).contains(Spread.of(0));

        now = START.plusSeconds(45);
        history.write();
        assertThat(store.read(KEY, START, now))
                .as("what may still get answers is not over")
                .hasSize(2);
        assertThat(read()).isEqualTo(before);
        history.close();
        assertThat(store.read(KEY, START, now)).isEqualTo(before);
    }

    @Test
    void nothingIsKeptOfWhatNeitherRunsNorShould() throws Exception {
        history.looked(now, GUARDED, Optional.empty(), List.of());
        assertThat(read()).isEmpty();
        history.looked(now, GUARDED, usage(1), List.of());
        assertThat(read()).hasSize(1);
    }

    @Test
    void aSpanCountsOnceHoweverOftenSomebodyLooked() throws Exception {
        look(0, usage(1));
        look(2, usage(4));
        look(4, usage(4));
        assertThat(read())
                .singleElement()
                .satisfies(each -> assertThat(each.of(CPU)).contains(new Spread(1, 3, 4, 1)));
    }

    @Test
    void everyGoodAnswerCountsOnce() throws Exception {
        look(0, usage(1));
        look(15, usage(1), answer(5, 10, true), answer(10, 30, true), answer(12, 5000, false));
        look(30, usage(1), answer(5, 10, true), answer(10, 30, true), answer(12, 5000, false), answer(25, 50, true));
        List<Measurement> spans = read();
        assertThat(spans.get(0).of(RESPONSE_TIME)).hasValueSatisfying(spread -> {
            assertThat(spread.weight()).isEqualTo(2);
            assertThat(spread.max()).isEqualTo(0.03);
            assertThat(spread.mean()).isEqualTo(0.02);
        });
        assertThat(spans.get(1).of(RESPONSE_TIME).orElseThrow().max()).isEqualTo(0.05);
        assertThat(spans.get(0).latencies().plus(spans.get(1).latencies()).total())
                .isEqualTo(3);
    }

    @Test
    void whatCannotBeWrittenIsKeptAndSaidOnce() throws Exception {
        look(0, usage(1));
        store.failure = Optional.of(new StoreException(StoreException.Cause.FULL, "the disk is full"));
        for (int i = 1; i < 4; i++) {
            look(60 * i, usage(1));
            history.write();
        }
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).contains("the disk is full");
        assertThat(read()).hasSize(4);
        store.failure = Optional.empty();
        now = now.plusSeconds(60);
        history.write();
        assertThat(store.read(KEY, START, now)).hasSize(4);
        assertThat(told).hasSize(2);
    }

    @Test
    void aLongTroubleDoesNotFillTheMemory() throws Exception {
        store.failure = Optional.of(new StoreException(StoreException.Cause.FULL, "the disk is full"));
        for (int i = 0; i < 1000; i++) {
            look(15 * i, usage(1));
        }
        assertThat(history.read(KEY, START, START.plus(Duration.ofDays(1)))).hasSizeLessThanOrEqualTo(241);
    }
}
