package dev.berth.store.sqlite;

/** The rows of table {@code anchor}: where the journal and the audit log end, and where retention cut them. */
enum Anchor {
    JOURNAL("journal"),
    JOURNAL_DROPPED("journal-dropped"),
    AUDIT("audit"),
    AUDIT_CHECKPOINT("audit-checkpoint");

    private final String key;

    Anchor(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    /** It stood elsewhere: somebody else writes to this database, or wrote this very batch. */
    static final class MovedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MovedException(Anchor anchor, long expected) {
            super("the end of \"" + anchor.key + "\" was expected at " + expected + " and is elsewhere");
        }
    }
}
