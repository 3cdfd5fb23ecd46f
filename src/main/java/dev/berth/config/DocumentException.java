package dev.berth.config;

import java.util.Optional;

/** A text is not JSON or YAML, or is more than Berth is willing to read. The message is a sentence for the person who wrote it. */
public final class DocumentException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Optional<Location> location;

    DocumentException(String message, Location location) {
        super(message + " (" + location + ")");
        this.location = Optional.of(location);
    }

    DocumentException(String message) {
        super(message);
        this.location = Optional.empty();
    }

    /** Where it went wrong; empty when the text as a whole is refused. */
    public Optional<Location> location() {
        return location;
    }
}
