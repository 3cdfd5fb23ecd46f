package dev.berth.store;

import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.ObjectRef;
import dev.berth.model.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Turns change sets, one after the other, into the rows of one transaction: checks each one's preconditions against what is
 * current and what earlier ones of the same transaction made of it, numbers the rows, chains the audit records. A change set
 * that is stale leaves no trace.
 */
final class Staging {
    private final CurrentObjects base;
    private final Instant at;
    private final Map<ObjectRef, Optional<StoredObject>> changed = new HashMap<>();
    private final List<Store.JournalRow> journal = new ArrayList<>();
    private final List<AuditRecord> audit = new ArrayList<>();
    private long lastSeq;
    private Optional<Store.AuditHead> auditHead;

    Staging(CurrentObjects base, Instant at) {
        this.base = base;
        this.at = at;
        this.lastSeq = base.lastSeq();
        this.auditHead = base.auditHead();
    }

    /** What became of one change set. */
    sealed interface Staged {
        /** Its rows are in the batch. @param objects the answer to its caller once the batch is on disk */
        record Ready(List<StoredObject> objects) implements Staged {}

        /** @param surely also without the earlier change sets of the batch, whose own fate is still open */
        record Stale(StaleVersionException why, boolean surely) implements Staged {}
    }

    Staged stage(ChangeSet changes) {
        // The rows are made only when every precondition holds, so that there is nothing to take back.
        for (ChangeSet.Write write : changes.writes()) {
            Optional<StoredObject> found = current(write.ref());
            if (!fits(write, found)) {
                boolean surely = !changed.containsKey(write.ref()) || !fits(write, committed(write.ref()));
                return new Staged.Stale(stale(write, found), surely);
            }
        }
        List<StoredObject> answer = new ArrayList<>();
        for (ChangeSet.Write write : changes.writes()) {
            if (write instanceof ChangeSet.Put put) {
                answer.add(put(put.object()));
            } else {
                delete(write.ref());
            }
        }
        for (AuditEntry entry : changes.audit()) {
            AuditRecord next = AuditChain.append(auditHead, entry);
            auditHead = Optional.of(new Store.AuditHead(next.seq(), next.hash()));
            audit.add(next);
        }
        return new Staged.Ready(List.copyOf(answer));
    }

    Store.Batch batch() {
        return new Store.Batch(journal, audit);
    }

    /** What is current once the batch is on disk. */
    CurrentObjects result() {
        return base.with(changed, lastSeq, auditHead);
    }

    private StoredObject put(StoredObject object) {
        Optional<StoredObject> found = current(object.ref());
        if (found.isPresent() && found.get().equals(object)) {
            return object;
        }
        StoredObject written = object.withResourceVersion(++lastSeq);
        journal.add(new Store.JournalRow(
                lastSeq, object.ref(), found.isPresent() ? Store.Change.MODIFIED : Store.Change.ADDED, written, at));
        changed.put(object.ref(), Optional.of(written));
        return written;
    }

    private void delete(ObjectRef ref) {
        StoredObject last = current(ref).orElseThrow().withResourceVersion(++lastSeq);
        journal.add(new Store.JournalRow(lastSeq, ref, Store.Change.DELETED, last, at));
        changed.put(ref, Optional.empty());
    }

    private Optional<StoredObject> current(ObjectRef ref) {
        Optional<StoredObject> staged = changed.get(ref);
        return staged != null ? staged : committed(ref);
    }

    private Optional<StoredObject> committed(ObjectRef ref) {
        return base.find(ref).map(StoredObject.class::cast);
    }

    private static boolean fits(ChangeSet.Write write, Optional<StoredObject> found) {
        if (write instanceof ChangeSet.Put && expected(write) == 0) {
            return found.isEmpty();
        }
        return found.isPresent() && found.get().resourceVersion() == expected(write);
    }

    private static long expected(ChangeSet.Write write) {
        if (write instanceof ChangeSet.Put put) {
            return put.object().resourceVersion();
        }
        return ((ChangeSet.Delete) write).resourceVersion();
    }

    private static StaleVersionException stale(ChangeSet.Write write, Optional<StoredObject> found) {
        return new StaleVersionException(
                write.ref(),
                expected(write),
                found.map(object -> OptionalLong.of(object.resourceVersion())).orElse(OptionalLong.empty()));
    }
}
