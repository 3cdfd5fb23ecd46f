package dev.berth.store;

import dev.berth.model.StoredObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Writes one batch of change sets at a time: stages them, appends once, publishes what is current, tells the listeners and
 * answers the callers, in this order. {@link #write} is called by one thread at a time; everything else by any.
 */
final class BatchWriter {
    private final InstantSource clock;
    private final DurableMemory durable;
    private final List<Consumer<List<Store.JournalRow>>> listeners = new CopyOnWriteArrayList<>();
    private final Queue<RuntimeException> listenerFailures = new ConcurrentLinkedQueue<>();
    private volatile CurrentObjects current;
    private volatile Optional<WriteTrouble> trouble = Optional.empty();

    BatchWriter(CurrentObjects loaded, DurableMemory durable, InstantSource clock) {
        this.current = loaded;
        this.durable = durable;
        this.clock = clock;
    }

    CurrentObjects current() {
        return current;
    }

    Optional<WriteTrouble> trouble() {
        return trouble;
    }

    void listen(Consumer<List<Store.JournalRow>> listener) {
        listeners.add(listener);
    }

    void write(List<Submission> batch) {
        try {
            settleDoubt();
        } catch (StoreException unreadable) {
            note(unreadable);
            batch.forEach(each -> each.refused(unreadable));
            return;
        }
        Staging staging = new Staging(current, clock.instant());
        List<Staging.Staged> staged =
                batch.stream().map(each -> staging.stage(each.changes())).toList();
        Store.Batch rows = staging.batch();
        if (!rows.isEmpty()) {
            CurrentObjects after = staging.result();
            try {
                durable.append(rows, after);
            } catch (StoreException failed) {
                if (!turnsOutWritten(failed)) {
                    refuse(batch, staged, failed);
                    return;
                }
            }
            trouble = Optional.empty();
            publish(after, rows.journal());
        }
        answer(batch, staged);
    }

    /** What listeners threw since the last call. A failing listener keeps nobody from the answer to a change that is on disk. */
    List<RuntimeException> takeListenerFailures() {
        List<RuntimeException> taken = new ArrayList<>();
        for (RuntimeException next = listenerFailures.poll(); next != null; next = listenerFailures.poll()) {
            taken.add(next);
        }
        return taken;
    }

    boolean haveListenersFailed() {
        return !listenerFailures.isEmpty();
    }

    private void settleDoubt() throws StoreException {
        if (durable.inDoubt()) {
            DurableMemory.Settled settled = durable.settle();
            publish(settled.objects(), settled.rows());
        }
    }

    /** Reads again after a failed append. @return whether the batch is on disk all the same */
    private boolean turnsOutWritten(StoreException failed) {
        try {
            DurableMemory.Settled settled = durable.settle();
            if (!settled.written()) {
                note(failed);
                current = settled.objects();
            }
            return settled.written();
        } catch (StoreException unreadable) {
            failed.addSuppressed(unreadable);
            note(failed);
            return false;
        }
    }

    private void note(StoreException failed) {
        trouble = Optional.of(trouble.map(known -> known.goingOn(failed))
                .orElseGet(() -> WriteTrouble.since(clock.instant(), failed)));
    }

    private void publish(CurrentObjects next, List<Store.JournalRow> rows) {
        current = next;
        if (rows.isEmpty()) {
            return;
        }
        for (Consumer<List<Store.JournalRow>> listener : listeners) {
            try {
                listener.accept(rows);
            } catch (RuntimeException failure) {
                listenerFailures.add(failure);
            }
        }
    }

    private static void answer(List<Submission> batch, List<Staging.Staged> staged) {
        for (int i = 0; i < batch.size(); i++) {
            if (staged.get(i) instanceof Staging.Staged.Stale stale) {
                batch.get(i).stale(stale.why());
            } else {
                List<StoredObject> objects = ((Staging.Staged.Ready) staged.get(i)).objects();
                batch.get(i).written(objects);
            }
        }
    }

    /** Stale only where it is stale without its neighbours as well: what those would have made is not there. */
    private static void refuse(List<Submission> batch, List<Staging.Staged> staged, StoreException failed) {
        for (int i = 0; i < batch.size(); i++) {
            if (staged.get(i) instanceof Staging.Staged.Stale stale && stale.surely()) {
                batch.get(i).stale(stale.why());
            } else {
                batch.get(i).refused(failed);
            }
        }
    }
}
