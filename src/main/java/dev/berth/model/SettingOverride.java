package dev.berth.model;

/** A setting that was changed through REST; it lies over every other source but the command line and environment. */
public record SettingOverride(String key, String value, long resourceVersion) implements StoredObject {
    @Override
    public ObjectRef ref() {
        return ObjectRef.global(ObjectRef.Kind.SETTING, key);
    }

    @Override
    public SettingOverride withResourceVersion(long version) {
        return new SettingOverride(key, value, version);
    }
}
