package dev.berth.model;

/** What became of an act. */
public enum Outcome {
    /** Written before the act. */
    INTENDED,
    SUCCEEDED,
    FAILED,
    /** Berth was interrupted and could not see the result itself. */
    UNKNOWN
}
