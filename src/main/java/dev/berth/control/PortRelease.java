package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.PortKey;
import dev.berth.model.User;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Ends what holds a port because somebody asked for it. The same path as the settling of conflicts, the same rules. */
public final class PortRelease {
    PortRelease() {}

    /**
     * Ends every holder of every socket of the port, on any address. Does not block; the answer comes when the port was
     * seen free or it is known why not. Holders of other users are refused unless the caller is root. When the holder is
     * a declared service's own process, that service is set to {@code running: false} in the same change.
     *
     * <p>Completes exceptionally with a {@link dev.berth.store.StoreException} when the intent could not be stored and
     * with an {@link ObservationException} when the port could not be looked at; nothing was signalled then.
     *
     * @param grace between SIGTERM and SIGKILL
     * @param force skips SIGTERM, never protection
     */
    public CompletionStage<Freed> free(PortKey port, Duration grace, boolean force, User caller) {
        throw new UnsupportedOperationException("not yet");
    }

    /** The dry run of {@link #free}. */
    public FreePreview plan(PortKey port, Duration grace, boolean force, User caller) throws ObservationException {
        throw new UnsupportedOperationException("not yet");
    }
}
