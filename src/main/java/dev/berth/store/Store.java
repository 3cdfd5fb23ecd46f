package dev.berth.store;

import dev.berth.model.AuditRecord;
import dev.berth.model.Conflict;
import dev.berth.model.ObjectRef;
import dev.berth.model.PortKey;
import dev.berth.model.ServiceKey;
import dev.berth.model.StoredObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Durable rows, one transaction per call. Knows nothing of preconditions, numbering or hashes: {@link Registry} has decided
 * all that. Writes come from one thread; reads may come from any and block no write.
 */
public interface Store extends AutoCloseable {
    /** Everything that {@link Registry} needs at start, and again after a write whose fate is in doubt. */
    Loaded load() throws StoreException;

    /**
     * Writes all of it in one transaction; when it returns, it is on disk. When it throws, nothing or everything was
     * written; {@link #load()} tells which. Numbers that are there already are refused, so that a batch that was written in
     * spite of an error is never there twice.
     */
    void append(Batch batch) throws StoreException;

    /** Newest first. */
    List<AuditRecord> audit(AuditQuery query) throws StoreException;

    /** Walks the whole chain, from the last checkpoint or the beginning, to the anchor. */
    AuditVerification verifyAudit() throws StoreException;

    /** Journal rows after a version, oldest first; for watches and history. */
    List<JournalRow> journalAfter(long resourceVersion, int limit) throws StoreException;

    /**
     * How one object changed, oldest first: the last change before a moment, which tells how it was then, and those from it on; of
     * more than the limit the newest. What retention dropped is missing.
     */
    List<JournalRow> changes(ObjectRef object, Instant since, int limit) throws StoreException;

    /** The last journal row that retention may have dropped; a watch can't resume before it. 0 when nothing was dropped. */
    long journalDroppedTo() throws StoreException;

    /** Conflicts open and closed, newest first. */
    List<Conflict> conflicts(ConflictQuery query) throws StoreException;

    /** One conflict, open or closed; empty when there is none of this id, or its history was dropped. */
    Optional<Conflict> conflict(String id) throws StoreException;

    /**
     * Drops history that is older than {@code before}, and what lies beyond the newest {@code keep} rows of journal and audit
     * log: journal rows that are not an object's latest, what is left of deleted objects, closed conflicts, and the front of
     * the audit log, behind a checkpoint record that carries the chain on. May be called beside {@link #append}; works in
     * bounded transactions, so that a failure leaves a smaller part of the work done.
     *
     * @return how many rows went
     */
    int retain(Instant before, int keep) throws StoreException;

    /** Whether it lies in memory only and is lost with the process. */
    boolean inMemory();

    @Override
    void close();

    /** One change of one object. */
    record JournalRow(long seq, ObjectRef ref, Change change, StoredObject snapshot, Instant at) {}

    /** How an object changed. */
    enum Change {
        ADDED,
        MODIFIED,
        DELETED
    }

    /** Rows that belong together: numbers and hashes already set. */
    record Batch(List<JournalRow> journal, List<AuditRecord> audit) {
        public Batch {
            journal = List.copyOf(journal);
            audit = List.copyOf(audit);
        }

        public boolean isEmpty() {
            return journal.isEmpty() && audit.isEmpty();
        }
    }

    /**
     * @param objects the latest snapshot of everything that is not deleted, without closed conflicts
     * @param lastSeq 0 when the journal is empty
     * @param lastAudit empty when the log is
     */
    record Loaded(List<StoredObject> objects, long lastSeq, Optional<AuditHead> lastAudit) {}

    /** The end of the audit chain. */
    record AuditHead(long seq, String hash) {}

    /**
     * Every criterion that is present must fit. {@code before} is a sequence number.
     *
     * @param actor a user's name, for what they did by tokens too, or one with a token as it is shown
     */
    record AuditQuery(
            Optional<ServiceKey> service,
            Optional<String> actor,
            Optional<String> action,
            Optional<String> conflict,
            Optional<Instant> since,
            OptionalLong before,
            int limit) {}

    /** Every criterion that is present must fit. */
    record ConflictQuery(
            Optional<ServiceKey> service,
            Optional<PortKey> port,
            Optional<Conflict.State> state,
            Optional<Instant> since,
            int limit) {}

    /** @param brokenAt the first record that does not fit the chain */
    record AuditVerification(boolean valid, long records, OptionalLong brokenAt, Optional<String> reason) {}
}
