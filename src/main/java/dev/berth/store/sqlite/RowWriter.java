package dev.berth.store.sqlite;

import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.Conflict;
import dev.berth.model.ServiceKey;
import dev.berth.store.Store;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * Appends rows, one transaction per batch. Every start, stop and exit of a service waits for one, so it is made of what SQLite
 * needs and no more: statements that stay prepared for as long as the pool keeps its connection. For one thread at a time.
 */
final class RowWriter {
    private final SingleConnection single;
    private final ObjectCodec codec;
    private Optional<Statements> latest = Optional.empty();

    /** @param single taken for each batch's time only */
    RowWriter(SingleConnection single, ObjectCodec codec) {
        this.single = single;
        this.codec = codec;
    }

    /** When it throws, nothing or everything was written. */
    void append(Store.Batch batch) throws SQLException {
        // Made before the transaction begins: it lasts no longer than it must, and a defect here leaves none open.
        List<@Nullable Object[]> journal =
                batch.journal().stream().map(this::journalRow).toList();
        List<@Nullable Object[]> audit =
                batch.audit().stream().map(RowWriter::auditRow).toList();
        Connection lent = single.take();
        try {
            // Statements made through what the pool lends end with the loan; those of the connection beneath stay.
            Statements statements = on(lent.unwrap(SQLiteConnection.class));
            try {
                statements.begin.executeUpdate();
                moveAnchors(batch, statements);
                for (@Nullable Object[] row : journal) {
                    execute(statements.journal, row);
                }
                for (@Nullable Object[] row : audit) {
                    execute(statements.audit, row);
                }
                statements.commit.executeUpdate();
            } catch (SQLException | RuntimeException | Error failed) {
                latest = Optional.empty();
                statements.giveUp(failed);
                throw failed;
            }
        } finally {
            single.giveBack(lent);
        }
    }

    /** The rows' own numbers tell where the writer believes that journal and log end: the anchors must stand there. */
    private static void moveAnchors(Store.Batch batch, Statements statements) throws SQLException {
        if (!batch.journal().isEmpty()) {
            long last = batch.journal().get(batch.journal().size() - 1).seq();
            move(statements, Anchor.JOURNAL, batch.journal().get(0).seq() - 1, last, "");
        }
        if (!batch.audit().isEmpty()) {
            AuditRecord last = batch.audit().get(batch.audit().size() - 1);
            move(statements, Anchor.AUDIT, batch.audit().get(0).seq() - 1, last.seq(), last.hash());
        }
    }

    private static void move(Statements statements, Anchor anchor, long from, long to, String hash)
            throws SQLException {
        if (execute(statements.anchor, to, hash, anchor.key(), from) != 1) {
            throw new Anchor.MovedException(anchor, from);
        }
    }

    private static int execute(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement.executeUpdate();
    }

    private @Nullable Object[] journalRow(Store.JournalRow row) {
        Optional<Conflict> conflict = row.snapshot() instanceof Conflict each ? Optional.of(each) : Optional.empty();
        return new @Nullable Object[] {
            row.seq(),
            row.ref().kind().name(),
            row.ref().namespace(),
            row.ref().name(),
            row.change().name(),
            Timestamps.toNanos(row.at()),
            codec.write(row.snapshot()),
            conflict.map(each -> each.service().toString()).orElse(null),
            conflict.map(each -> each.port().toString()).orElse(null),
            conflict.map(each -> each.state().name()).orElse(null),
            conflict.map(each -> Timestamps.toNanos(each.detectedAt())).orElse(null)
        };
    }

    private static @Nullable Object[] auditRow(AuditRecord row) {
        AuditEntry entry = row.entry();
        return new @Nullable Object[] {
            row.seq(),
            Timestamps.toNanos(entry.at()),
            entry.actor().kind().name(),
            entry.actor().name(),
            entry.actor().uid().isPresent() ? entry.actor().uid().getAsLong() : null,
            entry.action(),
            entry.target().kind(),
            entry.target().namespace().orElse(null),
            entry.target().name(),
            entry.reason(),
            entry.outcome().name(),
            entry.detail(),
            entry.service().map(ServiceKey::toString).orElse(null),
            entry.conflict().orElse(null),
            entry.act().orElse(null),
            row.previousHash(),
            row.hash()
        };
    }

    /** The last batch's, unless the pool has another connection by now. */
    private Statements on(SQLiteConnection connection) throws SQLException {
        Optional<Statements> kept = latest.filter(each -> each.connection.equals(connection));
        Statements statements = kept.isPresent() ? kept.get() : new Statements(connection);
        latest = Optional.of(statements);
        return statements;
    }

    /** What a batch is written with. The transaction is made by hand: the driver's commit would begin the next at once. */
    private static final class Statements {
        private final SQLiteConnection connection;
        private final PreparedStatement begin;
        private final PreparedStatement commit;
        private final PreparedStatement anchor;
        private final PreparedStatement journal;
        private final PreparedStatement audit;

        Statements(SQLiteConnection connection) throws SQLException {
            this.connection = connection;
            this.begin = connection.prepareStatement("begin immediate");
            this.commit = connection.prepareStatement("commit");
            this.anchor = connection.prepareStatement("update anchor set seq = ?, hash = ? where name = ? and seq = ?");
            this.journal = connection.prepareStatement("""
                    insert into journal (seq, kind, namespace, name, change, at, snapshot, service, port, state, detected_at)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """);
            this.audit = connection.prepareStatement("""
                    insert into audit (seq, at, actor_kind, actor_name, actor_uid, action,
                        target_kind, target_namespace, target_name, reason, outcome, detail,
                        service, conflict, act, previous_hash, hash)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """);
        }

        /** Takes the transaction back; the driver has ended some of the statements with the failure. */
        void giveUp(Throwable why) {
            for (PreparedStatement each : List.of(begin, commit, anchor, journal, audit)) {
                try {
                    each.close();
                } catch (SQLException alsoFailed) {
                    why.addSuppressed(alsoFailed);
                }
            }
            try (Statement rollback = connection.createStatement()) {
                rollback.executeUpdate("rollback");
            } catch (SQLException noneOpen) {
                // SQLite takes it back by itself when the disk is full or broken, and when it never began.
                why.addSuppressed(noneOpen);
            }
        }
    }
}
