package dev.berth.host;

/** The rights of a user are not known, so nothing can be done with them; the message is a sentence that says why. */
public final class AccountException extends Exception {
    private static final long serialVersionUID = 1L;

    public AccountException(String message) {
        super(message);
    }

    public AccountException(String message, Throwable cause) {
        super(message, cause);
    }
}
