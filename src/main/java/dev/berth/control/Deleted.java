package dev.berth.control;

import dev.berth.model.Service;

/** What became of a wish to delete. */
public sealed interface Deleted {
    /** It is gone, and its port given back. */
    record Removed(Service last) implements Deleted {}

    /** It is being stopped first; it goes by itself afterwards. */
    record Stopping(Service service) implements Deleted {}

    /** There was none. */
    record NotFound() implements Deleted {}
}
