package dev.berth.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What every source says about settings, as texts.
 *
 * @param commandLine by key
 * @param environment the process's environment, by variable
 * @param rest by key: what was set through {@code PATCH /settings}
 * @param dotEnv the variables of a {@code .env} file; settings that decide who gets in are not taken from it
 * @param files by key: what files say that were applied
 */
public record SettingSources(
        Map<String, String> commandLine,
        Map<String, String> environment,
        Map<String, String> rest,
        Map<String, String> dotEnv,
        Map<String, FileValue> files) {
    /** A value, and the name of the file that says so. */
    public record FileValue(String file, String value) {}

    /** A value as its source wrote it. {@code source} is for people. */
    record Found(SettingLayer layer, String text, String source) {}

    public SettingSources {
        commandLine = copy(commandLine);
        environment = copy(environment);
        rest = copy(rest);
        dotEnv = copy(dotEnv);
        files = copy(files);
    }

    /** Started with this environment, and nothing set since. */
    public static SettingSources of(Map<String, String> environment) {
        return new SettingSources(Map.of(), environment, Map.of(), Map.of(), Map.of());
    }

    public SettingSources withCommandLine(Map<String, String> values) {
        return new SettingSources(values, environment, rest, dotEnv, files);
    }

    public SettingSources withDotEnv(Map<String, String> variables) {
        return new SettingSources(commandLine, environment, rest, variables, files);
    }

    public SettingSources withRest(Map<String, String> values) {
        return new SettingSources(commandLine, environment, values, dotEnv, files);
    }

    public SettingSources withFiles(Map<String, FileValue> values) {
        return new SettingSources(commandLine, environment, rest, dotEnv, values);
    }

    /** The value that wins. */
    Found find(Setting<?> setting) {
        String variable = setting.environmentName();
        return found(SettingLayer.COMMAND_LINE, commandLine.get(setting.key()), "command line")
                .or(() -> found(SettingLayer.ENVIRONMENT, environment.get(variable), "environment " + variable))
                .or(() -> found(SettingLayer.REST, rest.get(setting.key()), "REST"))
                .or(() -> found(SettingLayer.DOT_ENV, dotEnv(setting, variable), ".env " + variable))
                .or(() -> file(setting.key()))
                .orElseGet(() -> new Found(SettingLayer.DEFAULT, setting.defaultText(), "default"));
    }

    private @Nullable String dotEnv(Setting<?> setting, String variable) {
        return setting.decidesWhoGetsIn() ? null : dotEnv.get(variable);
    }

    private Optional<Found> file(String key) {
        return Optional.ofNullable(files.get(key))
                .map(value -> new Found(SettingLayer.FILE, value.value(), "file " + value.file()));
    }

    private static Optional<Found> found(SettingLayer layer, @Nullable String text, String source) {
        return Optional.ofNullable(text).map(given -> new Found(layer, given, source));
    }

    private static <V> Map<String, V> copy(Map<String, V> values) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
