package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.config.SettingSources;
import dev.berth.control.UsageHistory;
import dev.berth.model.Latencies;
import dev.berth.model.Measure;
import dev.berth.model.Measurement;
import dev.berth.model.Resolution;
import dev.berth.model.ServiceKey;
import dev.berth.model.SettingOverride;
import dev.berth.model.Spread;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryMeasurements;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoredSamples;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryKeepingTest {
    private final MemoryStore store = new MemoryStore();
    private final MemoryMeasurements measured = new MemoryMeasurements();
    private JournalRegistry registry;
    private HistoryKeeping keeping;

    @BeforeEach
    void start() throws Exception {
        registry = JournalRegistry.open(store, InstantSource.system(), System::nanoTime, Runnable::run);
        LiveSettings settings = LiveSettings.open(SettingSources.of(Map.of()), registry);
        keeping = new HistoryKeeping(
                settings,
                store,
                new UsageHistory(measured, settings::measurements, InstantSource.system(), new ServerLog()));
        keeping.start(new StartupEvent());
    }

    @AfterEach
    void stop() {
        keeping.stop(new ShutdownEvent());
    }

    @Test
    void whatASettingNoLongerKeepsGoesAtOnce() throws Exception {
        for (int i = 0; i < 300; i++) {
            registry.commit(ChangeSet.builder()
                    .put(registry.service(StoredSamples.service("backend").key())
                            .map(StoredSamples::restarted)
                            .orElseGet(() -> StoredSamples.service("backend")))
                    .build());
        }
        assertThat(store.journalDroppedTo()).isZero();

        set("history.count", "100");
        await().untilAsserted(() -> assertThat(store.journalDroppedTo()).isEqualTo(201));
    }

    @Test
    void measurementsThatASettingNoLongerKeepsAsTheyWereMadeArePutTogetherAtOnce() throws Exception {
        ServiceKey backend = ServiceKey.parse("backend");
        Instant now = Instant.now();
        Instant before = Resolution.MINUTE.start(now.minus(Duration.ofHours(5)));
        List<Measurement> looks = Stream.of(0, 15, 30, 45)
                .map(seconds -> new Measurement(
                        before.plusSeconds(seconds),
                        Resolution.DETAIL,
                        Map.of(Measure.CPU, Spread.of(seconds)),
                        Latencies.NONE))
                .toList();
        measured.add(Map.of(backend, looks));

        set("history.detail", "2h");
        await().untilAsserted(() -> assertThat(measured.read(backend, before, now))
                .extracting(Measurement::resolution)
                .containsExactly(Resolution.MINUTE));
    }

    private void set(String setting, String value) throws Exception {
        registry.commit(
                ChangeSet.builder().put(new SettingOverride(setting, value, 0)).build());
    }
}
