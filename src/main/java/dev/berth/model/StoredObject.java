package dev.berth.model;

/** Something that the store keeps the latest version of. Each is one row of the journal per change. */
public sealed interface StoredObject permits Service, Reservation, Conflict, Eviction, SettingOverride, Token {
    ObjectRef ref();

    /** The journal's sequence number of the last change; 0 before the first commit. */
    long resourceVersion();

    StoredObject withResourceVersion(long version);
}
