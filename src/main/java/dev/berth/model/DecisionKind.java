package dev.berth.model;

/** The ways to settle a conflict. */
public enum DecisionKind {
    ADOPT,
    RESTART,
    MIGRATE,
    TERMINATE,
    WAIT,
    REPORT
}
