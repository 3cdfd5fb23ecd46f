package dev.berth.model;

/** How much a conflict matters, least first. */
public enum Severity {
    NONE,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
}
