package dev.berth.control;

/** The world differed from the plan at every try of a pass. Nothing was done; a later pass tries again. */
final class UnsettledException extends Exception {
    private static final long serialVersionUID = 1L;

    UnsettledException(String message) {
        super(message);
    }
}
