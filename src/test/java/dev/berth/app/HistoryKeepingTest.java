package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.config.SettingSources;
import dev.berth.model.SettingOverride;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoredSamples;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryKeepingTest {
    private final MemoryStore store = new MemoryStore();

    @Test
    void whatASettingNoLongerKeepsGoesAtOnce() throws Exception {
        JournalRegistry registry = JournalRegistry.open(store, InstantSource.system(), System::nanoTime, Runnable::run);
        LiveSettings settings = LiveSettings.open(SettingSources.of(Map.of()), registry);
        HistoryKeeping keeping = new HistoryKeeping(settings, store);
        keeping.start(new StartupEvent());
        for (int i = 0; i < 300; i++) {
            registry.commit(ChangeSet.builder()
                    .put(registry.service(StoredSamples.service("backend").key())
                            .map(StoredSamples::restarted)
                            .orElseGet(() -> StoredSamples.service("backend")))
                    .build());
        }
        assertThat(store.journalDroppedTo()).isZero();

        registry.commit(ChangeSet.builder()
                .put(new SettingOverride("history.count", "100", 0))
                .build());
        await().untilAsserted(() -> assertThat(store.journalDroppedTo()).isEqualTo(201));
        keeping.stop(new ShutdownEvent());
    }
}
