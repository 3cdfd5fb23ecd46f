package dev.berth.control;

import dev.berth.model.Eviction;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.ServiceKey;
import dev.berth.model.Stop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long the phase of an eviction or a stop, or a lease, still has. The store keeps deadlines as times of day, so that they survive a restart; this
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

    private record Running(Object phase, Instant deadline, long endsAt) {}

    /** What is left of the phase; zero when it is over. {@code most} is the phase's whole length. */
    Duration left(Eviction eviction, Duration most) {
        return left(eviction.id(), eviction.phase(), eviction.deadline(), most);
    }

    /** What is left of the phase of a service's stop. */
    Duration left(ServiceKey service, Stop stop, Duration most) {
        return left(service.toString(), stop.phase(), stop.deadline(), most);
    }

    /** What is left of a lease, or of something about it that is called {@code what}. */
    Duration left(PortKey reserved, String what, Instant deadline, Duration most) {
        return left(reservation(reserved, what), what, deadline, most);
    }

    private static String reservation(PortKey port, String what) {
        return "reservation " + port + " " + what;
    }

    /** What is left of the time that an act's outcome may wait. */
    Duration left(String act, Instant deadline, Duration most) {
        return left(act, Outcome.INTENDED, deadline, most);
    }

    private synchronized Duration left(String id, Object phase, Instant deadline, Duration most) {
        Running known = running.get(id);
        if (known == null || !known.phase().equals(phase) || !known.deadline().equals(deadline)) {
            Duration byClock = Duration.between(clock.instant(), deadline);
            Duration bounded = byClock.isNegative() ? Duration.ZERO : byClock.compareTo(most) > 0 ? most : byClock;
            known = new Running(phase, deadline, ticker.getAsLong() + bounded.toNanos());
            running.put(id, known);
        }
        return Duration.ofNanos(Math.max(0, known.endsAt() - ticker.getAsLong()));
    }

    synchronized void forget(PortKey reserved, String what) {
        running.remove(reservation(reserved, what));
    }

    synchronized void forget(Eviction eviction) {
        running.remove(eviction.id());
    }

    synchronized void forget(String act) {
        running.remove(act);
    }

    synchronized void forget(ServiceKey service) {
        running.remove(service.toString());
    }
}
