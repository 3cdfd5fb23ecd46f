package dev.berth.sim;

/** A promise of Berth's was seen broken. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
        super(message);
    }
}
