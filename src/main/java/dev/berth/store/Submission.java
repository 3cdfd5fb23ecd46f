package dev.berth.store;

import dev.berth.model.StoredObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A change set on its way to the disk, and the caller who waits for its answer. */
final class Submission {
    private final ChangeSet changes;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    Submission(ChangeSet changes) {
        this.changes = changes;
    }

    /** What the caller is told. */
    private sealed interface Answer {
        record Written(List<StoredObject> objects) implements Answer {}

        record Stale(StaleVersionException why) implements Answer {}

        record Refused(StoreException why) implements Answer {}
    }

    ChangeSet changes() {
        return changes;
    }

    /** Rows that it may add; bounds a transaction. */
    int size() {
        return changes.writes().size() + changes.audit().size();
    }

    void written(List<StoredObject> objects) {
        answer.complete(new Answer.Written(objects));
    }

    void stale(StaleVersionException why) {
        answer.complete(new Answer.Stale(why));
    }

    /** The first answer counts: what has been answered stays answered. */
    void refused(StoreException why) {
        answer.complete(new Answer.Refused(why));
    }

    /**
     * Waits, also through an interrupt (which stays set): who gives up waiting would not know whether the change is on disk.
     * The wait is bounded by the writer's own deadline.
     */
    List<StoredObject> await() throws StoreException, StaleVersionException {
        Answer told = answer.join();
        if (told instanceof Answer.Written written) {
            return written.objects();
        }
        if (told instanceof Answer.Stale stale) {
            throw stale.why();
        }
        StoreException why = ((Answer.Refused) told).why();
        // One of its own for each caller, with the caller's stack.
        throw new StoreException(why.kind(), String.valueOf(why.getMessage()), why);
    }
}
