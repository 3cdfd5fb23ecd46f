package dev.berth.model;

/** One word for people, derived from the conditions. */
public enum ServiceState {
    PENDING,
    STARTING,
    RUNNING,
    DEGRADED,
    STOPPING,
    STOPPED,
    FAILED,
    BLOCKED
}
