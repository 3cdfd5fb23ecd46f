package dev.berth.host;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets callers that ask at the same time share one look: each gets an answer that was begun after it asked, and never more
 * than one look is under way.
 */
public final class SharedLook<T> {
    /** In a crowd the next look waits this long for others to join it: what takes 5 ms is not made for each of a hundred. */
    private static final Duration GATHER = Duration.ofMillis(5);

    private final Look<T> look;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Round<T> next = new Round<>();
    /** Whether several shared the last look; guarded by the lock. */
    private boolean crowd;

    public SharedLook(Look<T> look) {
        this.look = look;
    }

    /** Looks now; called by one thread at a time. */
    @FunctionalInterface
    public interface Look<T> {
        T now() throws ObservationException;
    }

    /** @throws ObservationException when the look failed; all that shared it get the same one */
    public T get() throws ObservationException {
        Round<T> round = next;
        round.askers.incrementAndGet();
        looking.lock();
        try {
            if (round.answer.isEmpty() && round.failure.isEmpty()) {
                if (crowd) {
                    LockSupport.parkNanos(GATHER.toNanos());
                }
                // Who asks from now on may ask for something that this look has already passed over.
                next = new Round<>();
                fill(round);
                crowd = round.askers.get() > 1;
            }
            if (round.failure.isPresent()) {
                throw round.failure.get();
            }
            return round.answer.orElseThrow();
        } finally {
            looking.unlock();
        }
    }

    private void fill(Round<T> round) {
        try {
            round.answer = Optional.of(look.now());
        } catch (ObservationException e) {
            round.failure = Optional.of(e);
        }
    }

    /** Those who wait for one look; its outcome is guarded by the lock. */
    private static final class Round<T> {
        private final AtomicInteger askers = new AtomicInteger();
        private Optional<T> answer = Optional.empty();
        private Optional<ObservationException> failure = Optional.empty();
    }
}
