package dev.berth.app;

/** Berth can't start as it was told to. The message is for the person who started it. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The exit status for a wrong value, as for a wrong usage of any command. */
    static final int WRONG_VALUE = 2;

    /** The exit status when the values are right and the machine is in the way. */
    static final int REFUSED = 1;

    private final int exitStatus;

    StartException(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    int exitStatus() {
        return exitStatus;
    }
}
