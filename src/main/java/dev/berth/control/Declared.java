package dev.berth.control;

import dev.berth.model.Service;

/** What became of one declaration. {@code service} is as stored. */
public record Declared(Change change, Service service) {
    /** Whether anything was written. */
    public enum Change {
        CREATED,
        CHANGED,
        UNCHANGED
    }
}
