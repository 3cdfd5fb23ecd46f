package dev.berth.store.sqlite;

import java.util.List;

/** Writes rows in one transaction. May throw whatever its framework throws; then nothing or everything was written. */
interface RowWriter {
    void write(Rows rows);

    /** Names of the rows of table {@code anchor}. */
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
    }

    /** Moves an anchor on, provided that it still stands where it was seen. */
    record Move(Anchor anchor, long from, long to, String hash) {
        /**
         * With parameters to, hash, name, from; changes one row or none. Native, because Hibernate translates an update in
         * its own language anew each time, which would take more time than all the rest of a small transaction.
         */
        static final String SQL = "update anchor set seq = ?1, hash = ?2 where name = ?3 and seq = ?4";
    }

    /**
     * @param journalDrops numbers of journal rows to delete
     * @param auditDropTo audit records up to this one are deleted; 0 deletes none
     */
    record Rows(
            List<JournalEntity> journal,
            List<AuditEntity> audit,
            List<Long> journalDrops,
            long auditDropTo,
            List<Move> moves) {}

    /** An anchor stood elsewhere: somebody else writes to this database, or wrote this very batch. */
    final class MovedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MovedException(Move move) {
            super("the end of \"" + move.anchor().key() + "\" was expected at " + move.from() + " and is elsewhere");
        }
    }
}
