package dev.berth.store;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The writer's side of a {@link Store}: appends a batch, and finds out what became of it when the store says that it failed.
 * Used by one thread at a time.
 */
final class DurableMemory {
    /** A locked database is tried this often at most; the store itself has already waited for the lock each time. */
    static final int MAX_ATTEMPTS = 5;

    /** No caller waits longer than this for a locked database: a person or an HTTP client is waiting for the answer. */
    static final long BUSY_DEADLINE_NANOS = 10_000_000_000L;

    private final Store store;
    private final LongSupplier nanos;
    private Optional<Doubt> doubt = Optional.empty();

    /** @param nanos monotonic, in nanoseconds */
    DurableMemory(Store store, LongSupplier nanos) {
        this.store = store;
        this.nanos = nanos;
    }

    /** A batch whose fate is not known, and what is current if it was written. */
    private record Doubt(CurrentObjects after, List<Store.JournalRow> rows) {}

    /**
     * What is on disk after a failed write or at a first look.
     *
     * @param objects what is current
     * @param rows the rows of the batch in doubt, when it turned out to have been written
     * @param written whether it was
     */
    record Settled(CurrentObjects objects, List<Store.JournalRow> rows, boolean written) {}

    boolean inDoubt() {
        return doubt.isPresent();
    }

    /** Appends. When it throws, ask {@link #settle()} before anything else is written. */
    void append(Store.Batch batch, CurrentObjects after) throws StoreException {
        long deadline = nanos.getAsLong() + BUSY_DEADLINE_NANOS;
        doubt = Optional.of(new Doubt(after, batch.journal()));
        for (int attempt = 1; ; attempt++) {
            try {
                append(batch);
                doubt = Optional.empty();
                return;
            } catch (StoreException failed) {
                boolean again = failed.kind() == StoreException.Cause.BUSY
                        && attempt < MAX_ATTEMPTS
                        && nanos.getAsLong() - deadline < 0;
                if (!again) {
                    throw failed;
                }
            }
        }
    }

    private void append(Store.Batch batch) throws StoreException {
        try {
            store.append(batch);
        } catch (RuntimeException defect) {
            // A defect in the store must not leave callers waiting; they get it as the cause.
            throw new StoreException(StoreException.Cause.IO, "the write failed unexpectedly: " + defect, defect);
        }
    }

    /** Loads, and tells whether the batch in doubt was written. The doubt stays when the store can't be read either. */
    Settled settle() throws StoreException {
        Doubt open = doubt.orElseThrow();
        CurrentObjects found = CurrentObjects.of(store.load());
        boolean written = standsAt(found, open.after()) && areThere(open.rows());
        doubt = Optional.empty();
        // If not, it normally stands at what was before. If it stands elsewhere, somebody else writes here: memory
        // follows
        // the disk, whatever it says, and what we meant to write is not there.
        return new Settled(found, written ? open.rows() : List.of(), written);
    }

    /** Somebody else may have written as many rows: numbers alone prove nothing. */
    private boolean areThere(List<Store.JournalRow> rows) throws StoreException {
        return rows.isEmpty()
                || store.journalAfter(rows.get(0).seq() - 1, rows.size()).equals(rows);
    }

    private static boolean standsAt(CurrentObjects found, CurrentObjects expected) {
        return found.lastSeq() == expected.lastSeq() && found.auditHead().equals(expected.auditHead());
    }
}
