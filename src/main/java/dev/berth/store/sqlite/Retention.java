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
import java.util.Optional;

/**
 * Drops old history, oldest first and a bounded number of rows at a time, so that a write waits for one chunk at most.
 *
 * <p>Oldest first also keeps a deleted object deleted: its last row, which says so, goes after all others of it.
 */
final class Retention {
    /** Rows of one transaction: a few milliseconds. */
    private static final int CHUNK = 500;

    private final ReadConnections reads;
    private final RowWriter writer;

    Retention(ReadConnections reads, RowWriter writer) {
        this.reads = reads;
        this.writer = writer;
    }

    /** What to delete next, and the anchor that moves with it. */
    private record Chunk(List<Long> journal, long auditTo, int rows, RowWriter.Move move) {}

    int retain(Instant before, int keep) throws StoreException {
        int dropped = 0;
        for (Optional<Chunk> next = journalChunk(before, keep); next.isPresent(); next = journalChunk(before, keep)) {
            dropped += drop(next.get());
        }
        for (Optional<Chunk> next = auditChunk(before, keep); next.isPresent(); next = auditChunk(before, keep)) {
            dropped += drop(next.get());
        }
        return dropped;
    }

    private int drop(Chunk chunk) {
        writer.write(new RowWriter.Rows(List.of(), List.of(), chunk.journal(), chunk.auditTo(), List.of(chunk.move())));
        return chunk.rows();
    }

    private Optional<Chunk> journalChunk(Instant before, int keep) throws StoreException {
        return reads.read("looking for old history", connection -> {
            long cut = cut(connection, "journal", before, keep);
            List<Long> rows = longs(connection, """
                    select seq from journal j
                    where seq <= ? and (change = 'DELETED' or (state is not null and state not in %s) or seq < (
                        select max(seq) from journal l
                        where l.kind = j.kind and l.namespace = j.namespace and l.name = j.name))
                    order by seq limit ?
                    """.formatted(JournalReader.OPEN_STATES), cut, CHUNK);
            if (rows.isEmpty()) {
                return Optional.empty();
            }
            Store.AuditHead droppedTo = JournalReader.anchor(connection, RowWriter.Anchor.JOURNAL_DROPPED);
            long to = Math.max(droppedTo.seq(), rows.get(rows.size() - 1));
            return Optional.of(new Chunk(
                    rows,
                    0,
                    rows.size(),
                    new RowWriter.Move(RowWriter.Anchor.JOURNAL_DROPPED, droppedTo.seq(), to, "")));
        });
    }

    private Optional<Chunk> auditChunk(Instant before, int keep) throws StoreException {
        return reads.read("looking for old audit records", connection -> {
            long cut = cut(connection, "audit", before, keep);
            List<Long> rows =
                    longs(connection, "select seq from audit where seq <= ? order by seq limit ?", cut, CHUNK);
            if (rows.isEmpty()) {
                return Optional.empty();
            }
            long to = rows.get(rows.size() - 1);
            Store.AuditHead checkpoint = JournalReader.anchor(connection, RowWriter.Anchor.AUDIT_CHECKPOINT);
            try (PreparedStatement statement = connection.prepareStatement("select hash from audit where seq = ?")) {
                statement.setLong(1, to);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return Optional.of(new Chunk(
                            List.of(),
                            to,
                            rows.size(),
                            new RowWriter.Move(
                                    RowWriter.Anchor.AUDIT_CHECKPOINT, checkpoint.seq(), to, row.getString(1))));
                }
            }
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
