package dev.berth.store;

import dev.berth.model.AuditEntry;
import dev.berth.model.AuditRecord;
import dev.berth.model.Conflict;
import dev.berth.model.ObjectRef;
import dev.berth.model.StoredObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A store whose disk is a map: keeps the contract of {@link Store}, survives the registry that writes to it, and fails when
 * told to. What {@link #append} does to the maps happens at once or not at all, as in a database.
 */
public final class MemoryStore implements Store {
    private final NavigableMap<Long, JournalRow> journal = new TreeMap<>();
    private final NavigableMap<Long, AuditRecord> audit = new TreeMap<>();
    private long lastSeq;
    private long droppedTo;
    private Optional<AuditHead> anchor = Optional.empty();
    private Optional<AuditHead> checkpoint = Optional.empty();
    private AppendFaults faults = AppendFaults.NONE;
    private Optional<StoreException.Cause> readFault = Optional.empty();
    private long appends;
    private boolean closed;

    /** When an append fails: with nothing written, or with everything written. */
    public enum Moment {
        BEFORE,
        AFTER
    }

    /** What goes wrong around each append. May throw an {@link Error} as well: a crash in the middle. */
    public interface AppendFaults {
        AppendFaults NONE = (moment, batch) -> {};

        void at(Moment moment, Batch batch) throws StoreException;
    }

    /** Asked around each append from now on. */
    public synchronized void injecting(AppendFaults newFaults) {
        faults = newFaults;
    }

    /** The {@code nth} append from now (1 is the next one) fails, the others don't. */
    public void failAppend(int nth, Moment when, StoreException.Cause cause) {
        injecting(nth(nth, when, () -> {
            throw failure(cause);
        }));
    }

    /** Every append fails until {@link #heal()}. */
    public void failEveryAppend(Moment when, StoreException.Cause cause) {
        injecting((moment, batch) -> {
            if (moment == when) {
                throw failure(cause);
            }
        });
    }

    /** The {@code nth} append from now is where the program dies. */
    public void crashAppend(int nth, Moment when, Error crash) {
        injecting(nth(nth, when, () -> {
            throw crash;
        }));
    }

    /** Every read fails until {@link #heal()}. */
    public synchronized void failReads(StoreException.Cause cause) {
        readFault = Optional.of(cause);
    }

    /** Nothing fails any more. */
    public synchronized void heal() {
        faults = AppendFaults.NONE;
        readFault = Optional.empty();
    }

    /** Attempts to append, failed ones as well. */
    public synchronized long appends() {
        return appends;
    }

    @Override
    public synchronized Loaded load() throws StoreException {
        readable();
        return new Loaded(
                latest().values().stream()
                        .filter(row -> row.change() != Change.DELETED)
                        .map(JournalRow::snapshot)
                        .filter(object -> !isClosedConflict(object))
                        .toList(),
                lastSeq,
                anchor);
    }

    @Override
    public synchronized void append(Batch batch) throws StoreException {
        appends++;
        if (closed) {
            throw failure(StoreException.Cause.CLOSED);
        }
        faults.at(Moment.BEFORE, batch);
        if (batch.journal().stream().anyMatch(row -> row.seq() <= lastSeq)
                || batch.audit().stream()
                        .anyMatch(row -> row.seq() <= anchor.map(AuditHead::seq).orElse(0L))) {
            throw new StoreException(StoreException.Cause.CORRUPT, "a row with this number is there already");
        }
        for (JournalRow row : batch.journal()) {
            journal.put(row.seq(), row);
            lastSeq = row.seq();
        }
        for (AuditRecord row : batch.audit()) {
            audit.put(row.seq(), row);
            anchor = Optional.of(new AuditHead(row.seq(), row.hash()));
        }
        faults.at(Moment.AFTER, batch);
    }

    @Override
    public synchronized List<AuditRecord> audit(AuditQuery query) throws StoreException {
        readable();
        return audit.descendingMap().values().stream()
                .filter(row ->
                        query.before().isEmpty() || row.seq() < query.before().getAsLong())
                .filter(row -> fits(row.entry(), query))
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized AuditVerification verifyAudit() throws StoreException {
        readable();
        AuditChain.Walk walk = new AuditChain.Walk(checkpoint);
        for (AuditRecord row : audit.values()) {
            Optional<AuditVerification> broken = walk.next(row);
            if (broken.isPresent()) {
                return broken.get();
            }
        }
        return walk.end(anchor);
    }

    @Override
    public synchronized List<JournalRow> journalAfter(long resourceVersion, int limit) throws StoreException {
        readable();
        return journal.tailMap(resourceVersion, false).values().stream()
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<JournalRow> changes(ObjectRef object, Instant since, int limit) throws StoreException {
        readable();
        List<JournalRow> all = journal.values().stream()
                .filter(row -> row.ref().equals(object))
                .toList();
        long before = all.stream()
                .filter(row -> row.at().isBefore(since))
                .mapToLong(JournalRow::seq)
                .max()
                .orElse(0);
        List<JournalRow> found = all.stream().filter(row -> row.seq() >= before).toList();
        return found.subList(Math.max(0, found.size() - limit), found.size());
    }

    @Override
    public synchronized long journalDroppedTo() throws StoreException {
        readable();
        return droppedTo;
    }

    @Override
    public synchronized List<Conflict> conflicts(ConflictQuery query) throws StoreException {
        readable();
        return latest().values().stream()
                .filter(row -> row.change() != Change.DELETED)
                .flatMap(row -> row.snapshot() instanceof Conflict conflict ? Stream.of(conflict) : Stream.empty())
                .filter(conflict -> fits(conflict, query))
                .sorted(Comparator.comparing(Conflict::detectedAt)
                        .thenComparing(Conflict::id)
                        .reversed())
                .limit(query.limit())
                .toList();
    }

    @Override
    public synchronized Optional<Conflict> conflict(String id) throws StoreException {
        readable();
        JournalRow row = latest().get(ObjectRef.global(ObjectRef.Kind.CONFLICT, id));
        return row != null && row.change() != Change.DELETED
                ? Optional.of((Conflict) row.snapshot())
                : Optional.empty();
    }

    @Override
    public synchronized int retain(Instant before, int keep) throws StoreException {
        if (closed) {
            throw failure(StoreException.Cause.CLOSED);
        }
        Map<ObjectRef, JournalRow> latest = latest();
        long journalCut = cut(journal, row -> row.at().isBefore(before), keep);
        List<JournalRow> old = List.copyOf(journal.headMap(journalCut, true).values());
        int dropped = 0;
        for (JournalRow row : old) {
            boolean isLatest = row.equals(latest.get(row.ref()));
            if (!isLatest || row.change() == Change.DELETED || isClosedConflict(row.snapshot())) {
                journal.remove(row.seq());
                droppedTo = row.seq();
                dropped++;
            }
        }
        NavigableMap<Long, AuditRecord> front =
                audit.headMap(cut(audit, row -> row.entry().at().isBefore(before), keep), true);
        if (!front.isEmpty()) {
            checkpoint = Optional.of(
                    new AuditHead(front.lastKey(), front.lastEntry().getValue().hash()));
        }
        dropped += front.size();
        front.clear();
        return dropped;
    }

    @Override
    public boolean inMemory() {
        return true;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    /** The last number to go: everything before the first row that is young enough, and all but the newest {@code keep}. */
    private static <T> long cut(NavigableMap<Long, T> rows, Predicate<T> old, int keep) {
        long byAge = rows.entrySet().stream()
                .takeWhile(row -> old.test(row.getValue()))
                .mapToLong(Map.Entry::getKey)
                .max()
                .orElse(0);
        long byCount = rows.navigableKeySet().stream()
                .limit(Math.max(0, rows.size() - keep))
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        return Math.max(byAge, byCount);
    }

    private static boolean isClosedConflict(StoredObject object) {
        return object instanceof Conflict conflict && !conflict.state().isOpen();
    }

    private Map<ObjectRef, JournalRow> latest() {
        Map<ObjectRef, JournalRow> latest = new LinkedHashMap<>();
        journal.values().forEach(row -> latest.put(row.ref(), row));
        return latest;
    }

    private static boolean fits(AuditEntry entry, AuditQuery query) {
        return (query.service().isEmpty() || query.service().equals(entry.service()))
                && query.actor()
                        .map(name -> name.equals(entry.actor().name())
                                || entry.actor().name().startsWith(name + " (token "))
                        .orElse(true)
                && query.action().map(entry.action()::equals).orElse(true)
                && (query.conflict().isEmpty() || query.conflict().equals(entry.conflict()))
                && query.since().map(since -> !entry.at().isBefore(since)).orElse(true);
    }

    private static boolean fits(Conflict conflict, ConflictQuery query) {
        return query.service().map(conflict.service()::equals).orElse(true)
                && query.port().map(conflict.port()::equals).orElse(true)
                && query.state().map(conflict.state()::equals).orElse(true)
                && query.since()
                        .map(since -> !conflict.detectedAt().isBefore(since))
                        .orElse(true);
    }

    private void readable() throws StoreException {
        if (closed) {
            throw failure(StoreException.Cause.CLOSED);
        }
        if (readFault.isPresent()) {
            throw failure(readFault.get());
        }
    }

    private static StoreException failure(StoreException.Cause cause) {
        return new StoreException(cause, "made to fail: " + cause);
    }

    private interface Failure {
        void happen() throws StoreException;
    }

    private static AppendFaults nth(int nth, Moment when, Failure failure) {
        int[] left = {nth};
        return (moment, batch) -> {
            if (moment == when && --left[0] == 0) {
                failure.happen();
            }
        };
    }
}
