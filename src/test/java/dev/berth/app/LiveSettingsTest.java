package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.config.SettingCatalog;
import dev.berth.config.SettingException;
import dev.berth.config.SettingSources;
import dev.berth.model.SettingOverride;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoredSamples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveSettingsTest {
    private final MemoryStore store = new MemoryStore();

    @TempDir
    Path directory;

    @Test
    void aCommittedChangeHoldsWhenTheCommitReturns() throws Exception {
        JournalRegistry registry = registry();
        LiveSettings settings = LiveSettings.open(SettingSources.of(Map.of()), registry);
        List<String> heard = new ArrayList<>();
        settings.onChange(() -> heard.add(settings.policy().strategy()));

        put(registry, new SettingOverride("conflicts.strategy", "conservative", 0));
        assertThat(settings.policy().strategy()).isEqualTo("conservative");
        put(registry, new SettingOverride("conflicts.homeAfter", "5s", Optional.of("shop"), 0));
        assertThat(settings.policy().homeAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.settings().effective("conflicts.homeAfter").source())
                .isEqualTo("file shop");
        registry.commit(ChangeSet.builder()
                .delete(registry.settingOverrides().stream()
                        .filter(each -> each.file().isEmpty())
                        .findFirst()
                        .orElseThrow())
                .build());
        assertThat(settings.policy().strategy()).isEqualTo("intelligent");
        assertThat(heard).containsExactly("conservative", "conservative", "intelligent");

        LiveSettings next = LiveSettings.open(SettingSources.of(Map.of()), registry());
        assertThat(next.policy().homeAfter()).as("after a restart").isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void otherCommitsAreNoNews() throws Exception {
        JournalRegistry registry = registry();
        LiveSettings settings = LiveSettings.open(SettingSources.of(Map.of()), registry);
        settings.onChange(() -> {
            throw new AssertionError("no setting changed");
        });
        registry.commit(
                ChangeSet.builder().put(StoredSamples.service("backend")).build());
        assertThat(settings.settings().get(SettingCatalog.LOG_FILES)).isEqualTo(5);
    }

    /** Who could not be started could not be told otherwise either. */
    @Test
    void whatAnotherVersionStoredIsLeftOut() throws Exception {
        JournalRegistry registry = registry();
        put(registry, new SettingOverride("logs.files", "100000", 0));
        put(registry, new SettingOverride("gone.setting", "1", 0));
        put(registry, new SettingOverride("history.count", "5000", 0));
        LiveSettings settings = LiveSettings.open(SettingSources.of(Map.of()), registry());
        assertThat(settings.settings().get(SettingCatalog.LOG_FILES)).isEqualTo(5);
        assertThat(settings.settings().get(SettingCatalog.HISTORY_COUNT)).isEqualTo(5000);
    }

    @Test
    void readsTheDotEnvOfTheCallersDirectory() throws Exception {
        Files.writeString(directory.resolve(".env"), "export BERTH_LOGS_FILES='7'\nBERTH_PROTECT_PORTS=1\nSECRET=x\n");
        List<String> warnings = new ArrayList<>();
        SettingSources sources = LiveSettings.sources(Map.of(), Map.of(), directory, warnings::add);
        LiveSettings settings = LiveSettings.open(sources, registry());
        assertThat(settings.settings().effective("logs.files").source()).isEqualTo(".env BERTH_LOGS_FILES");
        assertThat(settings.settings().get(SettingCatalog.LOG_FILES)).isEqualTo(7);
        assertThat(settings.settings().get(SettingCatalog.PROTECTED_PORTS)).isEmpty();
        assertThat(warnings).isEmpty();

        Files.writeString(directory.resolve(".env"), "nonsense\n");
        assertThat(LiveSettings.sources(Map.of(), Map.of(), directory, warnings::add)
                        .dotEnv())
                .isEmpty();
        assertThat(warnings).singleElement().asString().contains(".env, line 1", "no settings are taken");
    }

    @Test
    void aWrongValueIsToldBeforeAnythingIsOpened() throws Exception {
        Files.writeString(directory.resolve(".env"), "BERTH_LOGS_FILES=many\n");
        assertThatThrownBy(() -> LiveSettings.sources(Map.of(), Map.of(), directory, words -> {}))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("logs.files (from .env BERTH_LOGS_FILES) is \"many\"");
        assertThatThrownBy(() -> LiveSettings.sources(Map.of("logs.files", "0"), Map.of(), directory, words -> {}))
                .hasMessageContaining("from command line");
    }

    private JournalRegistry registry() throws Exception {
        return JournalRegistry.open(store, InstantSource.fixed(StoredSamples.NOON), System::nanoTime, Runnable::run);
    }

    private static void put(JournalRegistry registry, SettingOverride override) throws Exception {
        registry.commit(ChangeSet.builder().put(override).build());
    }
}
