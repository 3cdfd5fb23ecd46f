package dev.berth.model;

import java.util.Optional;

/**
 * A setting that was changed while Berth ran: through REST, or by a file that was applied. What was set through REST lies
 * over every other source but the command line and the environment; what a file says lies over the default only.
 *
 * @param file the name of the file that says so; empty when it was set through REST
 */
public record SettingOverride(String key, String value, Optional<String> file, long resourceVersion)
        implements StoredObject {
    /** One that was set through REST. */
    public SettingOverride(String key, String value, long resourceVersion) {
        this(key, value, Optional.empty(), resourceVersion);
    }

    /** Names what REST says of a setting. */
    public static ObjectRef rest(String key) {
        return ObjectRef.global(ObjectRef.Kind.SETTING, key);
    }

    /** Names what files say of a setting: the one that was applied last. */
    public static ObjectRef file(String key) {
        return ObjectRef.global(ObjectRef.Kind.SETTING, key + "@file");
    }

    @Override
    public ObjectRef ref() {
        return file.isPresent() ? file(key) : rest(key);
    }

    @Override
    public SettingOverride withResourceVersion(long version) {
        return new SettingOverride(key, value, file, version);
    }
}
