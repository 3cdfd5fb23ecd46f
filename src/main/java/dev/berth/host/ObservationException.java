package dev.berth.host;

/** The machine could not be looked at. The message says what was tried, what came back and what to do. */
public final class ObservationException extends Exception {
    private static final long serialVersionUID = 1L;

    public ObservationException(String message) {
        super(message);
    }

    public ObservationException(String message, Throwable cause) {
        super(message, cause);
    }
}
