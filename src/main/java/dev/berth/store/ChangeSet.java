package dev.berth.store;

import dev.berth.model.AuditEntry;
import dev.berth.model.ObjectRef;
import dev.berth.model.StoredObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes that happen together or not at all.
 *
 * @param writes at most one per object
 */
public record ChangeSet(List<Write> writes, List<AuditEntry> audit) {
    public ChangeSet {
        writes = List.copyOf(writes);
        audit = List.copyOf(audit);
        if (writes.stream().map(Write::ref).distinct().count() != writes.size()) {
            throw new IllegalArgumentException("a change set changes an object at most once: " + writes);
        }
    }

    public boolean isEmpty() {
        return writes.isEmpty() && audit.isEmpty();
    }

    /** A change of one object, with what must hold for it. */
    public sealed interface Write {
        ObjectRef ref();
    }

    /**
     * Writes the object. Its own {@code resourceVersion()} is the precondition: 0 means that it must not exist, any other
     * that it is still the current one. A write that changes nothing adds no journal row and keeps the version.
     */
    public record Put(StoredObject object) implements Write {
        @Override
        public ObjectRef ref() {
            return object.ref();
        }
    }

    /** Removes the object if its version is still this one. */
    public record Delete(ObjectRef ref, long resourceVersion) implements Write {}

    public static Builder builder() {
        return new Builder();
    }

    /** Gathers the changes of one pass. */
    public static final class Builder {
        private final Map<ObjectRef, Write> writes = new LinkedHashMap<>();
        private final List<AuditEntry> audit = new ArrayList<>();

        public Builder put(StoredObject object) {
            return last(new Put(object));
        }

        public Builder delete(StoredObject object) {
            return last(new Delete(object.ref(), object.resourceVersion()));
        }

        private Builder last(Write write) {
            ObjectRef ref = write.ref();
            writes.remove(ref);
            writes.put(ref, write);
            return this;
        }

        /** Whatever went into its words, no secret stays in the log for ever. */
        public Builder audit(AuditEntry entry) {
            audit.add(entry.withoutSecrets());
            return this;
        }

        public ChangeSet build() {
            return new ChangeSet(List.copyOf(writes.values()), audit);
        }
    }
}
