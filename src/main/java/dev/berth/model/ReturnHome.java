package dev.berth.model;

/** When a service that had to move takes its preferred port again. */
public enum ReturnHome {
    /** With its next restart; one that isn't running, when the port has been free for a while. */
    ON_RESTART,
    /** As soon as the port has been free for a while, restarting a running one. */
    WHEN_FREE,
    NEVER
}
