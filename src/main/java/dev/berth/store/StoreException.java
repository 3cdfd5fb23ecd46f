package dev.berth.store;

/** Berth's memory could not be read or written. Nothing of the refused change is visible in memory. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;
    private final Cause kind;

    /** What kept the store from doing it. */
    public enum Cause {
        BUSY,
        FULL,
        IO,
        CORRUPT,
        CLOSED
    }

    public StoreException(Cause kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public StoreException(Cause kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Cause kind() {
        return kind;
    }
}
