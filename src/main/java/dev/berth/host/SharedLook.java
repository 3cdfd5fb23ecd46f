package dev.berth.host;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Lets callers that ask at the same time share one look: each gets an answer that was begun after it asked, unless it says how
 * much older one may be, and never more than one look is under way.
 */
public final class SharedLook<T> {
    /** In a crowd the next look waits this long for others to join it: what takes 5 ms is not made for each of a hundred. */
    private static final Duration GATHER = Duration.ofMillis(5);

    /** So long after a look that several shared, the next one to ask is taken for one of a crowd and not for somebody alone. */
    private static final Duration CROWD_LASTS = Duration.ofMillis(50);

    private final Look<T> look;
    private final Duration gather;
    private final LongSupplier nanos;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Round<T> next = new Round<>();
    /** The latest look that has begun; empty before the first. */
    private volatile Optional<Begun<T>> latest = Optional.empty();
    // Guarded by the lock.
    /** Whether several shared the last look. */
    private boolean crowd;

    private long lastEnded;

    /** @param nanos monotonic nanoseconds */
    public SharedLook(Look<T> look, LongSupplier nanos) {
        this(look, GATHER, nanos);
    }

    /** @param gather so long the next look of a crowd waits for others to join it */
    SharedLook(Look<T> look, Duration gather, LongSupplier nanos) {
        this.look = look;
        this.gather = gather;
        this.nanos = nanos;
    }

    /** Looks now; called by one thread at a time. */
    @FunctionalInterface
    public interface Look<T> {
        T now() throws ObservationException;
    }

    /** @throws ObservationException when the look failed; all that shared it get the same one */
    public T get() throws ObservationException {
        Round<T> round = next;
        if (round.askers.getAndIncrement() == 0) {
            // The others wait for the answer and not for the lock, which would let them go on only one after the other.
            lead(round);
        }
        return round.answer();
    }

    /**
     * As {@link #get}, for whom a look will do that began less than so long before he asked, under way or over. One that failed will
     * not, if that is known yet.
     */
    public T get(Duration maxAge) throws ObservationException {
        long oldest = nanos.getAsLong() - maxAge.toNanos();
        Optional<Begun<T>> known = latest.filter(look -> look.at() - oldest > 0)
                .filter(look -> !look.round().outcome.isCompletedExceptionally());
        return known.isPresent() ? known.get().round().answer() : get();
    }

    private record Begun<T>(Round<T> round, long at) {}

    private void lead(Round<T> round) throws ObservationException {
        try {
            round.outcome.complete(look(round));
        } catch (ObservationException | RuntimeException | Error broken) {
            // Whatever it is, such as no memory for the next round: the others would wait for ever.
            if (next.equals(round)) {
                next = new Round<>();
            }
            round.outcome.completeExceptionally(broken);
            throw broken;
        }
    }

    private T look(Round<T> round) throws ObservationException {
        looking.lock();
        try {
            if (crowd && nanos.getAsLong() - lastEnded < CROWD_LASTS.toNanos()) {
                LockSupport.parkNanos(gather.toNanos());
            }
            // Who asks from now on may ask for something that this look has already passed over.
            next = new Round<>();
            crowd = round.askers.get() > 1;
            latest = Optional.of(new Begun<>(round, nanos.getAsLong()));
            return look.now();
        } finally {
            lastEnded = nanos.getAsLong();
            looking.unlock();
        }
    }

    /** Those who wait for one look. The first of them makes it. */
    private static final class Round<T> {
        private final AtomicInteger askers = new AtomicInteger();
        private final CompletableFuture<T> outcome = new CompletableFuture<>();

        T answer() throws ObservationException {
            try {
                return outcome.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof ObservationException seen) {
                    throw seen;
                }
                throw e;
            }
        }
    }
}
