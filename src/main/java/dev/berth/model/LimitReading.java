package dev.berth.model;

/**
 * How what a service uses compares with the thresholds that are set.
 *
 * @param reason one CamelCase word for programs
 * @param message for people; the same until the verdict changes, however what is used goes up and down
 * @param restart whether the service is to be restarted for it
 */
public record LimitReading(Verdict verdict, String reason, String message, boolean restart) {
    /** Does it keep within them? */
    public enum Verdict {
        KEPT,
        /** For a while, and not for a moment only. */
        EXCEEDED,
        /** Too little was seen to tell. */
        UNDECIDED
    }
}
