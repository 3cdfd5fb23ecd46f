package dev.berth.sim;

import dev.berth.model.AuditRecord;
import dev.berth.model.Outcome;
import dev.berth.store.MemoryStore;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.time.Duration;

/** The disk that fails: before a write, after it, for a while, and when it is read again because of the doubt. */
final class StoreFaults implements MemoryStore.AppendFaults {
    private static final int MOST_BUSY_ATTEMPTS = 8;

    private final VirtualTime time;
    private final Faults faults;
    private final Ledger ledger;
    private final MemoryStore store;
    private Life life;
    private long fullUntil;
    private int busyAttempts;

    StoreFaults(VirtualTime time, Faults faults, Ledger ledger, MemoryStore store) {
        this.time = time;
        this.faults = faults;
        this.ledger = ledger;
        this.store = store;
        this.life = new Life(faults);
        store.injecting(this);
    }

    /** Whose writes these are from now on. */
    void serve(Life next) {
        life = next;
    }

    @Override
    public void at(MemoryStore.Moment moment, Store.Batch batch) throws StoreException {
        if (moment == MemoryStore.Moment.BEFORE) {
            life.enter();
            before();
        } else {
            ledger.appended(batch);
            if (launches(batch) && faults.strikes(SimFault.STORE_FULL_AFTER_LAUNCH_INTENT)) {
                fullUntil = time.monotonic() + faults.chance().millis(100, 2000).toNanos();
            }
            if (faults.strikes(SimFault.STORE_IO_AFTER_WRITE)) {
                loadFailsToo();
                throw new StoreException(StoreException.Cause.IO, "fsync failed after the write");
            }
            life.leave();
        }
    }

    private static boolean launches(Store.Batch batch) {
        return batch.audit().stream()
                .map(AuditRecord::entry)
                .anyMatch(entry -> entry.action().equals("ProcessStarted") && entry.outcome() == Outcome.INTENDED);
    }

    private void before() throws StoreException {
        if (busyAttempts == 0 && faults.strikes(SimFault.STORE_BUSY)) {
            busyAttempts = faults.chance().between(1, MOST_BUSY_ATTEMPTS);
        }
        if (busyAttempts > 0) {
            busyAttempts--;
            throw new StoreException(StoreException.Cause.BUSY, "database is locked");
        }
        if (faults.strikes(SimFault.STORE_FULL)) {
            fullUntil = time.monotonic() + faults.chance().millis(100, 4000).toNanos();
        }
        if (fullUntil > time.monotonic()) {
            throw new StoreException(StoreException.Cause.FULL, "database or disk is full");
        }
        if (faults.strikes(SimFault.STORE_IO_BEFORE_WRITE)) {
            loadFailsToo();
            throw new StoreException(StoreException.Cause.IO, "disk I/O error");
        }
    }

    private void loadFailsToo() {
        if (faults.strikes(SimFault.STORE_LOAD_FAILS)) {
            store.failReads(StoreException.Cause.IO);
            Duration howLong = faults.chance().millis(10, 1500);
            time.after(howLong, this::readAgain);
        }
    }

    private void readAgain() {
        store.heal();
        store.injecting(this);
    }

    /** The disk is a good one again. */
    void stop() {
        fullUntil = 0;
        busyAttempts = 0;
        readAgain();
    }
}
