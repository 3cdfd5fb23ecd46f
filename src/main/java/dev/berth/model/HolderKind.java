package dev.berth.model;

/** What kind of process holds a port. The first rule that fits decides; see {@code docs/holders.md}. */
public enum HolderKind {
    /** Started by Berth: its recorded identity or its marker. */
    MANAGED,
    /** Matches the patterns of a declared service of the same user. */
    DECLARED,
    UNIT,
    CONTAINER,
    /** A child of something that restarts its children. */
    SUPERVISED,
    SYSTEM,
    FOREIGN,
    /** A socket that belongs to no process. */
    KERNEL,
    /** Could not be seen. Never signalled. */
    UNKNOWN
}
