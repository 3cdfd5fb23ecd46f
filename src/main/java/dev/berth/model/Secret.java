package dev.berth.model;

/** A text that is used and never shown: whoever prints it sees that there is one. */
public record Secret(String value) {
    /** What is shown instead. */
    public static final String HIDDEN = "(hidden)";

    @Override
    public String toString() {
        return HIDDEN;
    }
}
