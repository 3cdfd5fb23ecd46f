package dev.berth.control;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Gives checks threads to be carried out on. Those that will be through in a moment share one, because waking a thread costs as
 * much as such a check does; when one of them takes longer than it was thought to, the others get a thread each.
 */
final class HealthThreads {
    /** As long those who share a thread wait for one another: some ten times what ten checks take. */
    static final Duration PATIENCE = Duration.ofMillis(20);

    private final Executor executor;
    private final LongSupplier ticker;
    private final Consumer<HealthFlight> check;
    private final Consumer<HealthFlight> refused;

    // Guarded by this.
    private final Deque<HealthFlight> shared = new ArrayDeque<>();
    private long relief;
    /** Threads that were asked for and have yet to begin. */
    private int coming;

    /**
     * @param check carries one out, on the calling thread
     * @param refused told of those that get no thread, because the executor is closed or the system gives none (an
     *     {@code OutOfMemoryError} in Java): they have their turn again in time
     */
    HealthThreads(
            Executor executor, LongSupplier ticker, Consumer<HealthFlight> check, Consumer<HealthFlight> refused) {
        this.executor = executor;
        this.ticker = ticker;
        this.check = check;
        this.refused = refused;
    }

    /** Returns at once, where the executor does. */
    void carryOut(List<HealthFlight> begun) {
        List<HealthFlight> together =
                begun.stream().filter(HealthFlight::isQuick).toList();
        if (together.size() > 1) {
            share(together);
        }
        for (HealthFlight flight : begun) {
            if (!flight.isQuick() || together.size() == 1) {
                alone(flight);
            }
        }
    }

    private void share(List<HealthFlight> together) {
        synchronized (this) {
            relief = shared.isEmpty() ? ticker.getAsLong() + PATIENCE.toNanos() : relief;
            shared.addAll(together);
            coming++;
        }
        another();
    }

    /**
     * Frees those who have waited too long for another.
     *
     * @return how long until this is to be asked again; empty when nobody waits
     */
    Optional<Duration> relieve() {
        int lacking;
        synchronized (this) {
            long now = ticker.getAsLong();
            if (shared.isEmpty()) {
                return Optional.empty();
            }
            if (relief - now > 0) {
                return Optional.of(Duration.ofNanos(relief - now));
            }
            relief = now + PATIENCE.toNanos();
            lacking = Math.max(0, shared.size() - coming);
            coming += lacking;
        }
        for (int i = 0; i < lacking; i++) {
            another();
        }
        return Optional.of(PATIENCE);
    }

    private void alone(HealthFlight flight) {
        try {
            executor.execute(() -> check.accept(flight));
        } catch (RejectedExecutionException | OutOfMemoryError none) {
            refused.accept(flight);
        }
    }

    private void another() {
        try {
            executor.execute(() -> {
                came();
                for (Optional<HealthFlight> next = next(); next.isPresent(); next = next()) {
                    check.accept(next.get());
                }
            });
        } catch (RejectedExecutionException | OutOfMemoryError none) {
            came();
            for (Optional<HealthFlight> next = next(); next.isPresent(); next = next()) {
                refused.accept(next.get());
            }
        }
    }

    private synchronized void came() {
        coming--;
    }

    private synchronized Optional<HealthFlight> next() {
        return Optional.ofNullable(shared.poll());
    }
}
