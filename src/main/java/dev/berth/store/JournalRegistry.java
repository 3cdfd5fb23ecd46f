package dev.berth.store;

import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.ObjectRef;
import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.SettingOverride;
import dev.berth.model.StoredObject;
import dev.berth.model.Token;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The registry over a {@link Store}: one immutable picture of everything current, replaced after each transaction, and one
 * writer that puts what has gathered into the next.
 *
 * <p>Who finds nobody writing writes at once, on its own thread: waking another one and being woken by it takes as long as
 * half a write. What gathers meanwhile is written on the executor, so that nobody goes on writing for others while its own
 * caller waits.
 *
 * <p>When the store fails, it is read again at once. If the batch is there after all, it was written and its callers are told
 * so; if it can't be read, they are told of the failure, and the next write waits until it can.
 */
public final class JournalRegistry implements Registry, AutoCloseable {
    /** One transaction takes this many rows, or one change set: the first caller waits for the last one's rows too. */
    static final int MAX_ROWS_PER_TRANSACTION = 1024;

    private final BatchWriter batches;
    /** For what gathers while somebody writes. */
    private final Executor writer;

    private final Object gate = new Object();
    // Guarded by gate.
    private final ArrayDeque<Submission> gathered = new ArrayDeque<>();
    private boolean writing;
    private boolean closed;
    private @Nullable Thread writerThread;

    private JournalRegistry(BatchWriter batches, Executor writer) {
        this.batches = batches;
        this.writer = writer;
    }

    /**
     * Loads what is current(). The store stays the caller's, and is closed after the registry.
     *
     * @param clock for the times of journal rows
     * @param nanos monotonic nanoseconds, for deadlines
     * @param writer runs one task after the other, what was thrown there included
     */
    public static JournalRegistry open(Store store, InstantSource clock, LongSupplier nanos, Executor writer)
            throws StoreException {
        CurrentObjects loaded = CurrentObjects.of(store.load());
        return new JournalRegistry(new BatchWriter(loaded, new DurableMemory(store, nanos), clock), writer);
    }

    @Override
    public Optional<Service> service(ServiceKey key) {
        return current().services().find(ObjectRef.service(key));
    }

    @Override
    public List<Service> services() {
        return current().services().list();
    }

    @Override
    public Optional<Conflict> conflict(String id) {
        return current().openConflicts().find(ObjectRef.global(ObjectRef.Kind.CONFLICT, id));
    }

    @Override
    public List<Conflict> openConflicts() {
        return current().openConflicts().list();
    }

    @Override
    public Optional<Eviction> eviction(PortKey port) {
        return current().evictions().find(ObjectRef.global(ObjectRef.Kind.EVICTION, port.toString()));
    }

    @Override
    public List<Eviction> evictions() {
        return current().evictions().list();
    }

    @Override
    public Optional<Reservation> reservation(PortKey port) {
        return current().reservations().find(Reservation.refOf(port));
    }

    @Override
    public List<Reservation> reservations() {
        return current().reservations().list();
    }

    @Override
    public List<SettingOverride> settingOverrides() {
        return current().settings().list();
    }

    @Override
    public List<Token> tokens() {
        return current().tokens().list();
    }

    @Override
    public long resourceVersion() {
        return current().lastSeq();
    }

    @Override
    public Optional<String> writeTrouble() {
        return batches.trouble().map(WriteTrouble::sentence);
    }

    @Override
    public void onCommit(Consumer<List<Store.JournalRow>> listener) {
        batches.listen(listener);
    }

    @Override
    public List<StoredObject> commit(ChangeSet changes) throws StoreException, StaleVersionException {
        if (changes.isEmpty()) {
            return List.of();
        }
        Submission submission = new Submission(changes);
        submit(submission, false);
        return submission.await();
    }

    /** Takes nothing more, writes what was handed in, and returns when its callers have their answers. */
    @Override
    public void close() {
        Submission last = new Submission(ChangeSet.builder().build());
        try {
            submit(last, true);
            last.await();
        } catch (StoreException | StaleVersionException alreadyClosed) {
            // It carries no change: only a registry that is closed, or whose executor is, refuses it.
            return;
        }
    }

    private CurrentObjects current() {
        return batches.current();
    }

    private void submit(Submission submission, boolean closing) throws StoreException {
        synchronized (gate) {
            if (Thread.currentThread().equals(writerThread)) {
                throw new IllegalStateException("a listener to commits must not write: it would wait for itself");
            }
            if (closed) {
                throw new StoreException(StoreException.Cause.CLOSED, "Berth is stopping and takes no more changes");
            }
            closed = closing;
            gathered.add(submission);
            if (writing) {
                return;
            }
            writing = true;
        }
        try {
            writeBatch();
        } catch (RuntimeException | Error broken) {
            // The callers have been told; the defect itself is told where nobody's pass or request ends by it.
            onExecutor(() -> {
                throw broken;
            });
            return;
        }
        if (isMoreToDo()) {
            onExecutor(this::writeAll);
        }
    }

    /** After the one batch of a caller's own thread: nobody waits longer because he writes for others. */
    private boolean isMoreToDo() {
        synchronized (gate) {
            writerThread = null;
            writing = !gathered.isEmpty() || batches.haveListenersFailed();
            return writing;
        }
    }

    private void onExecutor(Runnable task) {
        try {
            writer.execute(task);
        } catch (RejectedExecutionException stopped) {
            breakOff(new StoreException(StoreException.Cause.CLOSED, "Berth's writer has stopped", stopped));
        } catch (RuntimeException | Error broken) {
            // Such as a thread that can't be had any more; nobody may wait for it.
            breakOff(new StoreException(StoreException.Cause.IO, "Berth's writer can't be run: " + broken, broken));
            throw broken;
        }
    }

    /** The executor's task: goes on until nothing is left. */
    private void writeAll() {
        boolean more = true;
        while (more) {
            more = writeBatch();
        }
        Optional<RuntimeException> failure = batches.takeListenerFailures().stream()
                .reduce((first, next) -> {
                    first.addSuppressed(next);
                    return first;
                });
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** @return false when nothing had gathered: then nobody writes any more */
    private boolean writeBatch() {
        List<Submission> batch = new ArrayList<>();
        boolean orderly = false;
        try {
            takeBatch(batch);
            if (!batch.isEmpty()) {
                batches.write(batch);
            }
            orderly = true;
            return !batch.isEmpty();
        } finally {
            if (!orderly) {
                // An error such as out of memory: nobody may wait for ever. The doubt about the disk stays noted.
                StoreException broken = new StoreException(
                        StoreException.Cause.IO,
                        "the writer broke off; whether the change was written shows when the store is read again");
                batch.forEach(each -> each.refused(broken));
                breakOff(broken);
            }
        }
    }

    /** The next ones together; none ends the writer's task. */
    private void takeBatch(List<Submission> batch) {
        synchronized (gate) {
            int rows = 0;
            while (!gathered.isEmpty()
                    && (batch.isEmpty() || rows + gathered.getFirst().size() <= MAX_ROWS_PER_TRANSACTION)) {
                Submission next = gathered.getFirst();
                rows += next.size();
                batch.add(next);
                gathered.removeFirst();
            }
            writing = !batch.isEmpty();
            writerThread = writing ? Thread.currentThread() : null;
        }
    }

    private void breakOff(StoreException why) {
        List<Submission> abandoned;
        synchronized (gate) {
            abandoned = List.copyOf(gathered);
            gathered.clear();
            writing = false;
            writerThread = null;
        }
        abandoned.forEach(each -> each.refused(why));
    }
}
