package dev.berth.app;

import dev.berth.config.SettingCatalog;
import dev.berth.config.SettingException;
import dev.berth.config.SettingSources;
import dev.berth.config.Settings;
import dev.berth.control.UsageRules;
import dev.berth.launch.EnvFile;
import dev.berth.launch.EnvFileException;
import dev.berth.model.ObjectRef;
import dev.berth.model.SettingOverride;
import dev.berth.plan.Policy;
import dev.berth.store.MeasurementStore;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** The settings that hold now, and the policy that follows from them. A commit that changes one holds when it is answered. */
final class LiveSettings {
    private static final Logger LOG = Logger.getLogger(LiveSettings.class);

    /** What was said when Berth was started. */
    private final SettingSources started;

    private final Registry registry;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Effective current;

    /** The policy is made once per change, because every pass of the loop asks for it. */
    private record Effective(Settings settings, Policy policy) {
        Effective(Settings settings) {
            this(settings, policyOf(settings));
        }
    }

    private LiveSettings(SettingSources started, Registry registry) throws SettingException {
        this.started = started;
        this.registry = registry;
        this.current = new Effective(Settings.resolve(stored()));
    }

    /** Every source, and from then on every change of what is stored. */
    static LiveSettings open(SettingSources started, Registry registry) throws SettingException {
        LiveSettings settings = new LiveSettings(started, registry);
        registry.onCommit(settings::committed);
        return settings;
    }

    /**
     * What the command line, the environment and the {@code .env} of the caller's directory say.
     *
     * @param warn told when the {@code .env} can't be understood: other tools' files are no reason not to start
     * @throws SettingException when one says what a setting can't be; nothing was opened yet
     */
    static SettingSources sources(
            Map<String, String> commandLine, Map<String, String> environment, Path caller, Consumer<String> warn)
            throws SettingException {
        SettingSources sources = SettingSources.of(environment)
                .withCommandLine(commandLine)
                .withDotEnv(dotEnv(caller.resolve(".env"), warn));
        Settings.resolve(sources);
        return sources;
    }

    private static Map<String, String> dotEnv(Path file, Consumer<String> warn) {
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        try {
            return EnvFile.read(file);
        } catch (EnvFileException unreadable) {
            warn.accept(unreadable.getMessage() + "; no settings are taken from it");
            return Map.of();
        }
    }

    Settings settings() {
        return current.settings();
    }

    Policy policy() {
        return current.policy();
    }

    UsageRules usageRules() {
        Settings now = settings();
        return new UsageRules(
                now.get(SettingCatalog.USAGE_INTERVAL),
                now.get(SettingCatalog.CPU_THRESHOLD),
                now.get(SettingCatalog.MEMORY_THRESHOLD),
                now.get(SettingCatalog.RESPONSE_TIME_THRESHOLD),
                now.get(SettingCatalog.RESTART_ABOVE_THRESHOLD));
    }

    MeasurementStore.Keep measurements() {
        Settings now = settings();
        return new MeasurementStore.Keep(
                now.get(SettingCatalog.HISTORY_DETAIL),
                now.get(SettingCatalog.HISTORY_MINUTES),
                now.get(SettingCatalog.HISTORY_QUARTERS),
                now.get(SettingCatalog.HISTORY_PAGES));
    }

    /** Called after each change, on the writer's thread; must return at once and write nothing. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void committed(List<Store.JournalRow> rows) {
        if (rows.stream().anyMatch(row -> row.ref().kind() == ObjectRef.Kind.SETTING)) {
            try {
                current = new Effective(Settings.resolve(stored()));
            } catch (SettingException defect) {
                throw new IllegalStateException("what was stored was checked, and can't be read", defect);
            }
            listeners.forEach(Runnable::run);
        }
    }

    private SettingSources stored() {
        Map<String, String> rest = new LinkedHashMap<>();
        Map<String, SettingSources.FileValue> files = new LinkedHashMap<>();
        for (SettingOverride each : registry.settingOverrides()) {
            if (!isUsable(each)) {
                continue;
            }
            each.file()
                    .ifPresentOrElse(
                            file -> files.put(each.key(), new SettingSources.FileValue(file, each.value())),
                            () -> rest.put(each.key(), each.value()));
        }
        return started.withRest(rest).withFiles(files);
    }

    /** Another version of Berth may have allowed more; one that can't be started could not be told otherwise either. */
    private static boolean isUsable(SettingOverride stored) {
        try {
            SettingCatalog.check(stored.key(), stored.value());
            return true;
        } catch (SettingException wrong) {
            LOG.warnf("a stored setting is left out: %s", wrong.getMessage());
            return false;
        }
    }

    private static Policy policyOf(Settings settings) {
        Policy policy = new Policy(
                        settings.get(SettingCatalog.AUTO_RESOLVE),
                        settings.get(SettingCatalog.STRATEGY),
                        settings.get(SettingCatalog.ALLOW_MIGRATION),
                        settings.get(SettingCatalog.PRESERVE_FOREIGN),
                        settings.get(SettingCatalog.MAX_ALTERNATIVES),
                        settings.get(SettingCatalog.HOME_AFTER),
                        settings.get(SettingCatalog.STOP_OWNERS),
                        settings.get(SettingCatalog.RESPAWN_WATCH),
                        settings.get(SettingCatalog.RESERVED),
                        settings.get(SettingCatalog.RANGE),
                        EphemeralRange.read(),
                        settings.get(SettingCatalog.PROTECTED_PROCESSES),
                        settings.get(SettingCatalog.PROTECTED_PORTS),
                        settings.get(SettingCatalog.CONFIRM))
                .waitingForApproval(settings.get(SettingCatalog.APPROVAL_TTL));
        return settings.get(SettingCatalog.DEVELOPMENT)
                ? policy.developing(settings.get(SettingCatalog.DEVELOPMENT_BASE))
                : policy;
    }
}
