package dev.berth.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of one setting when a source says something else about it.
 *
 * @param value what the source is to say; empty means nothing any longer
 * @param before what holds now
 * @param after what will hold then
 * @param forgetsFile what a file said of it is no longer said either
 */
public record SettingEffect(
        Setting<?> setting,
        Optional<String> value,
        Settings.Effective before,
        Settings.Effective after,
        boolean forgetsFile) {

    /**
     * A patch through REST; values are valid for their settings. An empty one takes back whatever was said while Berth ran,
     * by a file too: who asks for the default does not mean a file of last week.
     */
    public static List<SettingEffect> ofRest(Map<String, Optional<String>> wanted, Settings now) {
        Map<String, Optional<String>> patch = completed(wanted, now);
        Map<String, SettingSources.FileValue> files =
                new LinkedHashMap<>(now.sources().files());
        patch.forEach((key, value) -> {
            if (value.isEmpty()) {
                files.remove(key);
            }
        });
        return between(patch, now, now.sources().withRest(rest(patch, now)).withFiles(files));
    }

    private static Map<String, String> rest(Map<String, Optional<String>> patch, Settings now) {
        Map<String, String> rest = new LinkedHashMap<>(now.sources().rest());
        patch.forEach((key, value) -> value.ifPresentOrElse(text -> rest.put(key, text), () -> rest.remove(key)));
        return rest;
    }

    /** REST says this and nothing else; what holds without being said is left unsaid. */
    public static List<SettingEffect> ofRestAlone(Map<String, Optional<String>> wanted, Settings now) {
        Map<String, Optional<String>> said = completed(wanted, now);
        Settings without = resolve(now.sources().withRest(Map.of()));
        Map<String, Optional<String>> patch = new LinkedHashMap<>();
        without.all().forEach(each -> {
            Optional<String> value = said.getOrDefault(each.setting().key(), Optional.empty());
            patch.put(
                    each.setting().key(),
                    value.filter(
                            text -> !each.setting().parser().apply(text.strip()).equals(each.value())));
        });
        return between(patch, now, now.sources().withRest(rest(patch, now)));
    }

    /**
     * A file that is applied.
     *
     * @param file its name; what a file of this name said before and this one doesn't is no longer said
     * @param said values by key, valid for their settings
     */
    public static List<SettingEffect> ofFile(Optional<String> file, Map<String, String> said, Settings now) {
        Map<String, SettingSources.FileValue> files =
                new LinkedHashMap<>(now.sources().files());
        Map<String, Optional<String>> patch = new LinkedHashMap<>();
        files.forEach((key, value) -> {
            if (file.isPresent() && value.file().equals(file.get()) && !said.containsKey(key)) {
                patch.put(key, Optional.empty());
            }
        });
        said.forEach((key, value) -> patch.put(key, Optional.of(completed(key, value, now))));
        patch.forEach((key, value) -> value.ifPresentOrElse(
                text -> files.put(key, new SettingSources.FileValue(file.orElse(UNNAMED), text)),
                () -> files.remove(key)));
        return between(patch, now, now.sources().withFiles(files));
    }

    private static Map<String, Optional<String>> completed(Map<String, Optional<String>> patch, Settings now) {
        Map<String, Optional<String>> whole = new LinkedHashMap<>();
        patch.forEach((key, value) -> whole.put(key, value.map(text -> completed(key, text, now))));
        return whole;
    }

    /** Secrets that were hidden when the value was copied are as they are now. */
    private static String completed(String key, String text, Settings now) {
        Settings.Effective present = now.effective(key);
        return present.setting()
                .structure()
                .map(structure -> structure.completed(text, present.text()))
                .orElse(text);
    }

    /** What a file without a name is called. */
    public static final String UNNAMED = "without a stack";

    /** Does something else win over what the source says, so that saying it changes nothing? */
    public boolean isOverruled() {
        return value.filter(text -> !after.text().equals(text)
                        && !setting.parser().apply(text.strip()).equals(after.value()))
                .isPresent();
    }

    /** Does another value hold then? */
    public boolean changes() {
        return !before.value().equals(after.value());
    }

    private static List<SettingEffect> between(
            Map<String, Optional<String>> patch, Settings before, SettingSources next) {
        Settings after = resolve(next);
        List<SettingEffect> effects = new ArrayList<>();
        patch.forEach((key, value) -> effects.add(new SettingEffect(
                before.effective(key).setting(),
                value,
                before.effective(key),
                after.effective(key),
                before.sources().files().containsKey(key) && !next.files().containsKey(key))));
        return effects;
    }

    private static Settings resolve(SettingSources sources) {
        try {
            return Settings.resolve(sources);
        } catch (SettingException invalid) {
            throw new IllegalArgumentException("a value was not checked: " + invalid.getMessage(), invalid);
        }
    }
}
