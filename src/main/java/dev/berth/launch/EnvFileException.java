package dev.berth.launch;

/** A file of variables can't be used; the message is a sentence that names the file, and the line where there is one. */
public final class EnvFileException extends Exception {
    private static final long serialVersionUID = 1L;

    EnvFileException(String message) {
        super(message);
    }

    EnvFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
