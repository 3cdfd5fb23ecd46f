package dev.berth.host;

/** With whose rights something is done on the machine. Said every time: a default would be root's where Berth is root. */
public sealed interface Rights {
    /** Berth's own. */
    Rights OWN = new Own();

    record Own() implements Rights {}

    /** Those of a user, and nothing more: their uid, their groups, no capability. */
    record Of(Account account) implements Rights {}
}
