package dev.berth.app;

import dev.berth.config.SettingCatalog;
import dev.berth.config.SettingException;
import dev.berth.config.Settings;
import dev.berth.control.UsageRules;
import dev.berth.model.SettingOverride;
import dev.berth.plan.Policy;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** The settings that hold now, and the policy that follows from them. */
final class LiveSettings {
    private volatile Effective current;

    /** The policy is made once per change, because every pass of the loop asks for it. */
    private record Effective(Settings settings, Policy policy) {}

    LiveSettings(Settings settings) {
        this.current = new Effective(settings, policyOf(settings));
    }

    /** Reads every source; {@code overrides} are what was set through REST. */
    static LiveSettings load(Map<String, String> environment, Path caller, List<SettingOverride> overrides)
            throws SettingException {
        Map<String, String> stored =
                overrides.stream().collect(Collectors.toMap(SettingOverride::key, SettingOverride::value));
        return new LiveSettings(Settings.resolve(environment, dotEnv(caller), stored));
    }

    /** Refuses wrong values before anything is opened. */
    static void check(Map<String, String> environment, Path caller) throws SettingException {
        load(environment, caller, List.of());
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
                settings.get(SettingCatalog.CONFIRM));
        return settings.get(SettingCatalog.DEVELOPMENT)
                ? policy.developing(settings.get(SettingCatalog.DEVELOPMENT_BASE))
                : policy;
    }

    /** The variables of {@code .env} in a directory; none when there is no such file. */
    private static Map<String, String> dotEnv(Path directory) {
        Path file = directory.resolve(".env");
        if (!Files.isRegularFile(file)) {
            return Map.of();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file + " can't be read", unreadable);
        }
        Map<String, String> variables = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> variables.put(name, properties.getProperty(name)));
        return variables;
    }
}
