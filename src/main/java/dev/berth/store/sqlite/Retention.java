package dev.berth.store.sqlite;

import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Drops old history, oldest first and a bounded number of rows at a time, so that a write waits for one chunk at most.
 *
 * <p>Oldest first also keeps a deleted object deleted: its last row, which says so, goes after all others of it.
 */
final class Retention {
    /** Rows of one transaction: a few milliseconds. */
    private static final int CHUNK = 500;

    private final ReadConnections reads;
    private final SingleConnection single;
    private final History history;

    Retention(ReadConnections reads, SingleConnection single, History history) {
        this.reads = reads;
        this.single = single;
        this.history = history;
    }

    /**
     * Deletes rows, and moves on the anchor that says so in the same transaction. May throw whatever its framework throws;
     * then nothing or everything was done.
     */
    interface History {
        /** @param seqs the journal rows to go */
        void dropJournal(List<Long> seqs, Move droppedTo);

        /** Drops every audit record up to where the checkpoint moves; the last one's hash goes into it. */
        void dropAudit(Move checkpoint);
    }

    /** From where an anchor was seen to where it shall stand. */
    record Move(long from, long to) {}

    int retain(Instant before, int keep) throws StoreException {
        int dropped = 0;
        for (Chunk next = journalChunk(before, keep); !next.seqs().isEmpty(); next = journalChunk(before, keep)) {
            Chunk chunk = next;
            single.during(() -> history.dropJournal(chunk.seqs(), chunk.move()));
            dropped += next.seqs().size();
        }
        for (Chunk next = auditChunk(before, keep); !next.seqs().isEmpty(); next = auditChunk(before, keep)) {
            Chunk chunk = next;
            single.during(() -> history.dropAudit(chunk.move()));
            dropped += next.seqs().size();
        }
        return dropped;
    }

    /** What to delete next, and how its anchor moves. */
    private record Chunk(List<Long> seqs, Move move) {
        static Chunk of(List<Long> seqs, Store.AuditHead anchor) {
            long last = seqs.stream().reduce(anchor.seq(), Math::max);
            return new Chunk(seqs, new Move(anchor.seq(), last));
        }
    }

    private Chunk journalChunk(Instant before, int keep) throws StoreException {
        return reads.read("looking for old history", connection -> {
            List<Long> seqs = longs(
                    connection,
                    """
                    select seq from journal j
                    where seq <= ? and (change = 'DELETED' or (state is not null and state not in %s) or seq < (
                        select max(seq) from journal l
                        where l.kind = j.kind and l.namespace = j.namespace and l.name = j.name))
                    order by seq limit ?
                    """.formatted(JournalReader.OPEN_STATES),
                    cut(connection, "journal", before, keep),
                    CHUNK);
            return Chunk.of(seqs, JournalReader.anchor(connection, Anchor.JOURNAL_DROPPED));
        });
    }

    private Chunk auditChunk(Instant before, int keep) throws StoreException {
        return reads.read("looking for old audit records", connection -> {
            List<Long> seqs = longs(
                    connection,
                    "select seq from audit where seq <= ? order by seq limit ?",
                    cut(connection, "audit", before, keep),
                    CHUNK);
            return Chunk.of(seqs, JournalReader.anchor(connection, Anchor.AUDIT_CHECKPOINT));
        });
    }

    /** The last number to go: everything before the first row that is young enough, and all but the newest {@code keep}. */
    private static long cut(Connection connection, String table, Instant before, int keep) throws SQLException {
        long firstYoung = longs(
                        connection,
                        "select seq from " + table + " where at >= ? order by seq limit ?",
                        Timestamps.toNanos(before),
                        1)
                .stream()
                .findFirst()
                .orElse(Long.MAX_VALUE);
        long beyondKept =
                longs(connection, "select seq from " + table + " order by seq desc limit ?2 offset ?1", keep, 1)
                        .stream()
                        .findFirst()
                        .orElse(0L);
        return Math.max(firstYoung - 1, beyondKept);
    }

    private static List<Long> longs(Connection connection, String sql, long first, long second) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, first);
            statement.setLong(2, second);
            List<Long> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                }
            }
            return found;
        }
    }
}
