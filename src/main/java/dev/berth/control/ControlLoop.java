package dev.berth.control;

import dev.berth.model.HostSnapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Feeds the queue and carries out passes. Either threads do it ({@link #start}), or one thread pumps it ({@link #recover},
 * then {@link #runNext}); never both.
 */
public final class ControlLoop implements AutoCloseable {
    ControlLoop() {}

    /** Takes up what the store says is under way, enqueues everything, and starts the workers on the executor. */
    public void start(Executor workers) {
        throw new UnsupportedOperationException("not yet");
    }

    /** The first half of {@link #start}: for a pumped loop. */
    public void recover() {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * Carries out one pass of the key that has been ready longest, on the calling thread.
     *
     * @return false when no key is ready now
     */
    public boolean runNext() {
        throw new UnsupportedOperationException("not yet");
    }

    /** How long until a key becomes ready; zero when one is, empty when none is waiting at all. */
    public Optional<Duration> untilNext() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Enqueues everything that is declared or under way. */
    public void resync() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Looks at the machine, keeps the look as the latest, and enqueues what is concerned with ports that changed. */
    public void observeTick() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Asks for a pass soon. Asking for the same key twice makes one pass. */
    public void enqueue(WorkKey key) {
        throw new UnsupportedOperationException("not yet");
    }

    /** The latest look; empty before the first. */
    public Optional<HostSnapshot> latest() {
        throw new UnsupportedOperationException("not yet");
    }

    public LoopProgress progress() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Lets passes under way end, takes no further key. Nothing is lost: what is under way is in the store. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("not yet");
    }
}
