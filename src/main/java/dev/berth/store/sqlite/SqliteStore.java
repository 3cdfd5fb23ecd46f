package dev.berth.store.sqlite;

import dev.berth.model.AuditRecord;
import dev.berth.model.Conflict;
import dev.berth.model.ObjectRef;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The store on SQLite: who reads, who writes, and what their failures mean. */
final class SqliteStore implements Store {
    private final ObjectCodec codec = new ObjectCodec();
    private final JournalReader journal = new JournalReader(codec);
    private final AuditReader audit = new AuditReader();
    private final ReadConnections reads;
    private final RowWriter writer;
    private final Retention retention;
    private final boolean inMemory;
    private volatile boolean closed;

    /** @param single the one connection that writes, also for {@code history} */
    SqliteStore(ReadConnections reads, SingleConnection single, Retention.History history, boolean inMemory) {
        this.reads = reads;
        this.writer = new RowWriter(single, codec);
        this.retention = new Retention(reads, single, history);
        this.inMemory = inMemory;
    }

    @Override
    public Loaded load() throws StoreException {
        return read("reading the memory", journal::load);
    }

    @Override
    public void append(Batch batch) throws StoreException {
        if (batch.isEmpty()) {
            return;
        }
        write("writing the change", () -> {
            writer.append(batch);
            return batch;
        });
    }

    @Override
    public List<AuditRecord> audit(AuditQuery query) throws StoreException {
        return read("reading the audit log", connection -> audit.find(connection, query));
    }

    @Override
    public AuditVerification verifyAudit() throws StoreException {
        return read("reading the audit log", audit::verify);
    }

    @Override
    public List<JournalRow> journalAfter(long resourceVersion, int limit) throws StoreException {
        return read("reading the journal", connection -> journal.after(connection, resourceVersion, limit));
    }

    @Override
    public List<JournalRow> changes(ObjectRef object, Instant since, int limit) throws StoreException {
        return read("reading the journal", connection -> journal.changes(connection, object, since, limit));
    }

    @Override
    public long journalDroppedTo() throws StoreException {
        return read(
                "reading the journal",
                connection ->
                        JournalReader.anchor(connection, Anchor.JOURNAL_DROPPED).seq());
    }

    @Override
    public List<Conflict> conflicts(ConflictQuery query) throws StoreException {
        return read("reading conflicts", connection -> journal.conflicts(connection, query));
    }

    @Override
    public Optional<Conflict> conflict(String id) throws StoreException {
        return read("reading a conflict", connection -> journal.conflict(connection, id));
    }

    @Override
    public int retain(Instant before, int keep) throws StoreException {
        return write("dropping old history", () -> retention.retain(before, keep));
    }

    @Override
    public boolean inMemory() {
        return inMemory;
    }

    /** Ends reads and writes of this store; the pool that it writes through is not its own. */
    @Override
    public void close() {
        closed = true;
        reads.close();
    }

    private <T> T read(String what, ReadConnections.Use<T> use) throws StoreException {
        requireOpen();
        return reads.read(what, use);
    }

    private interface Write<T> {
        T perform() throws SQLException, StoreException;
    }

    private <T> T write(String what, Write<T> write) throws StoreException {
        requireOpen();
        try {
            return write.perform();
        } catch (Anchor.MovedException moved) {
            throw new StoreException(
                    StoreException.Cause.CORRUPT,
                    what + " failed: " + moved.getMessage() + "; does another program write to the database?",
                    moved);
        } catch (SQLException | RuntimeException failed) {
            // Hibernate and the transaction manager each wrap in their own way; what SQLite said is beneath.
            throw SqliteErrors.translate(what, failed);
        }
    }

    private void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException(StoreException.Cause.CLOSED, "Berth's memory is closed");
        }
    }
}
