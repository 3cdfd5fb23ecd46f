package dev.berth.control;

import dev.berth.model.Eviction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long each eviction's phase still has. The store keeps deadlines as times of day, so that they survive a restart; this
 * process counts by the ticker from the moment it first sees a phase, so that a clock that is set neither cuts a grace
 * period short nor stretches it.
 */
final class Deadlines {
    private final InstantSource clock;
    private final LongSupplier ticker;
    // Guarded by this.
    private final Map<String, Running> running = new HashMap<>();

    Deadlines(InstantSource clock, LongSupplier ticker) {
        this.clock = clock;
        this.ticker = ticker;
    }

    private record Running(Eviction.Phase phase, Instant deadline, long endsAt) {}

    /** What is left of the phase; zero when it is over. {@code most} is the phase's whole length. */
    synchronized Duration left(Eviction eviction, Duration most) {
        Running known = running.get(eviction.id());
        if (known == null
                || known.phase() != eviction.phase()
                || !known.deadline().equals(eviction.deadline())) {
            Duration byClock = Duration.between(clock.instant(), eviction.deadline());
            Duration bounded = byClock.isNegative() ? Duration.ZERO : byClock.compareTo(most) > 0 ? most : byClock;
            known = new Running(eviction.phase(), eviction.deadline(), ticker.getAsLong() + bounded.toNanos());
            running.put(eviction.id(), known);
        }
        return Duration.ofNanos(Math.max(0, known.endsAt() - ticker.getAsLong()));
    }

    synchronized void forget(Eviction eviction) {
        running.remove(eviction.id());
    }
}
