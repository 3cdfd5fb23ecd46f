package dev.berth.store;

import dev.berth.model.ObjectRef;
import java.util.OptionalLong;

/** A change set was made from a version that is no longer the current one; nothing was changed. Read again and decide anew. */
public final class StaleVersionException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient ObjectRef ref;
    private final long expected;
    private final OptionalLong found;

    /** @param found empty when the object does not exist */
    public StaleVersionException(ObjectRef ref, long expected, OptionalLong found) {
        super(ref + " was expected at version " + expected + " and is "
                + (found.isPresent() ? "at version " + found.getAsLong() : "not there"));
        this.ref = ref;
        this.expected = expected;
        this.found = found;
    }

    public ObjectRef ref() {
        return ref;
    }

    public long expected() {
        return expected;
    }

    public OptionalLong found() {
        return found;
    }
}
