package dev.berth.metrics;

import dev.berth.model.AuditRecord;
import dev.berth.model.Conflict;
import dev.berth.model.ObjectRef;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A store whose writes are timed. For the one that writes. */
public final class MeteredStore implements Store {
    private final Store real;
    private final Events events;
    private final AtomicLong auditHead;

    /** @param auditHead is set to the last audit record's number */
    public MeteredStore(Store real, Events events, AtomicLong auditHead) {
        this.real = real;
        this.events = events;
        this.auditHead = auditHead;
    }

    @Override
    public Loaded load() throws StoreException {
        Loaded loaded = real.load();
        loaded.lastAudit().ifPresent(head -> auditHead.set(head.seq()));
        return loaded;
    }

    @Override
    public void append(Batch batch) throws StoreException {
        long begun = events.begin();
        try {
            real.append(batch);
        } catch (StoreException failed) {
            events.commitFailed(failed);
            throw failed;
        }
        events.committed(batch, begun);
        if (!batch.audit().isEmpty()) {
            auditHead.set(batch.audit().get(batch.audit().size() - 1).seq());
        }
    }

    @Override
    public List<AuditRecord> audit(AuditQuery query) throws StoreException {
        return real.audit(query);
    }

    @Override
    public AuditVerification verifyAudit() throws StoreException {
        return real.verifyAudit();
    }

    @Override
    public List<JournalRow> journalAfter(long resourceVersion, int limit) throws StoreException {
        return real.journalAfter(resourceVersion, limit);
    }

    @Override
    public List<JournalRow> changes(ObjectRef object, Instant since, int limit) throws StoreException {
        return real.changes(object, since, limit);
    }

    @Override
    public long journalDroppedTo() throws StoreException {
        return real.journalDroppedTo();
    }

    @Override
    public List<Conflict> conflicts(ConflictQuery query) throws StoreException {
        return real.conflicts(query);
    }

    @Override
    public Optional<Conflict> conflict(String id) throws StoreException {
        return real.conflict(id);
    }

    @Override
    public int retain(Instant before, int keep) throws StoreException {
        return real.retain(before, keep);
    }

    @Override
    public boolean inMemory() {
        return real.inMemory();
    }

    @Override
    public void close() {
        real.close();
    }
}
