package dev.berth.control;

import dev.berth.model.Conflict;
import dev.berth.model.User;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.util.List;

/** People's decisions about conflicts. Reading them is the registry's (open) and the store's (closed). */
public final class Conflicts {
    Conflicts() {}

    /** Lets Berth do what waits for approval. */
    public ConflictAnswer approve(String id, User caller) throws StoreException, StaleVersionException {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * Closes the conflict without doing anything about it. The same contest is not opened again while the same process
     * holds the port and the service is declared as it is.
     */
    public ConflictAnswer dismiss(String id, User caller) throws StoreException, StaleVersionException {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * Looks at every open conflict now and settles what can be settled, even where {@code reconcile.autoResolve} is off.
     * What waits for approval goes on waiting. Does not wait for the result.
     *
     * @return the conflicts that are being looked at
     */
    public List<Conflict> resolveAll(User caller) {
        throw new UnsupportedOperationException("not yet");
    }
}
