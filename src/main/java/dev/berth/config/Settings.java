package dev.berth.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The effective value of every setting, and where each came from. Immutable; a change makes a new one. */
public final class Settings {
    private final SettingSources sources;
    private final Map<String, Effective> values;

    /**
     * One setting as it stands.
     *
     * @param value parsed
     * @param text as its source wrote it
     * @param source for people: {@code default}, {@code environment BERTH_…}, {@code .env BERTH_…}, {@code REST}
     */
    public record Effective(Setting<?> setting, Object value, String text, SettingLayer layer, String source) {
        /** The text as it may be shown. */
        public String shown() {
            return setting.shown(text);
        }
    }

    private Settings(SettingSources sources, Map<String, Effective> values) {
        this.sources = sources;
        this.values = values;
    }

    /**
     * Resolves every setting: command line over environment over what was set through REST over {@code .env} over files that
     * were applied over defaults. What a person told the running Berth wins over files that lie about; what it was started
     * with wins over everything, so that an operator's choice can't be undone from inside.
     *
     * @throws SettingException for the first value that a setting can't have
     */
    public static Settings resolve(SettingSources sources) throws SettingException {
        Map<String, Effective> values = new LinkedHashMap<>();
        for (Setting<?> setting : SettingCatalog.ALL) {
            SettingSources.Found found = sources.find(setting);
            values.put(
                    setting.key(),
                    new Effective(
                            setting,
                            setting.parse(found.text(), found.source()),
                            found.text(),
                            found.layer(),
                            found.source()));
        }
        return new Settings(sources, values);
    }

    /** What they were made of. */
    public SettingSources sources() {
        return sources;
    }

    /** The value of one setting. */
    @SuppressWarnings("unchecked")
    public <T> T get(Setting<T> setting) {
        // Safe: the value was made by this setting's own parser.
        return (T) effective(setting.key()).value();
    }

    /** @throws IllegalArgumentException when there is no such setting */
    public Effective effective(String key) {
        Effective effective = values.get(key);
        if (effective == null) {
            throw new IllegalArgumentException("not in the catalog: " + key);
        }
        return effective;
    }

    /** Every setting in the order of the catalog. */
    public List<Effective> all() {
        return List.copyOf(new ArrayList<>(values.values()));
    }
}
