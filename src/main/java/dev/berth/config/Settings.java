package dev.berth.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The effective value of every setting, and where each came from. Immutable; a change makes a new one. */
public final class Settings {
    private final Map<String, Effective> values;

    /**
     * One setting as it stands.
     *
     * @param value parsed
     * @param text as its source wrote it
     * @param source for people: {@code default}, {@code environment BERTH_…}, {@code .env}, {@code REST}
     */
    public record Effective(Setting<?> setting, Object value, String text, String source) {}

    private Settings(Map<String, Effective> values) {
        this.values = values;
    }

    /**
     * Resolves every setting: environment over {@code .env} over what was set through REST over defaults.
     *
     * @param environment the process's environment
     * @param dotEnv the variables of a {@code .env} file; settings that decide who gets in are not taken from it
     * @param overrides by key, as stored
     * @throws SettingException for the first value that a setting can't have
     */
    public static Settings resolve(
            Map<String, String> environment, Map<String, String> dotEnv, Map<String, String> overrides)
            throws SettingException {
        Map<String, Effective> values = new LinkedHashMap<>();
        for (Setting<?> setting : SettingCatalog.ALL) {
            values.put(setting.key(), resolve(setting, environment, dotEnv, overrides));
        }
        return new Settings(values);
    }

    private static Effective resolve(
            Setting<?> setting,
            Map<String, String> environment,
            Map<String, String> dotEnv,
            Map<String, String> overrides)
            throws SettingException {
        String variable = setting.environmentName();
        if (environment.containsKey(variable)) {
            return effective(setting, environment.get(variable), "environment " + variable);
        }
        if (dotEnv.containsKey(variable) && !setting.decidesWhoGetsIn()) {
            return effective(setting, dotEnv.get(variable), ".env " + variable);
        }
        if (overrides.containsKey(setting.key())) {
            return effective(setting, overrides.get(setting.key()), "REST");
        }
        return effective(setting, setting.defaultText(), "default");
    }

    private static Effective effective(Setting<?> setting, String text, String source) throws SettingException {
        return new Effective(setting, setting.parse(text, source), text, source);
    }

    /** The value of one setting. */
    @SuppressWarnings("unchecked")
    public <T> T get(Setting<T> setting) {
        Effective effective = values.get(setting.key());
        if (effective == null) {
            throw new IllegalArgumentException("not in the catalog: " + setting.key());
        }
        // Safe: the value was made by this setting's own parser.
        return (T) effective.value();
    }

    /** Every setting in the order of the catalog. */
    public List<Effective> all() {
        return List.copyOf(new ArrayList<>(values.values()));
    }
}
