package dev.berth.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * The only time there is: a monotonic clock that moves when an event is run, and a wall clock that may jump beside it.
 * Events of one moment run in the order in which they were scheduled.
 */
final class VirtualTime implements InstantSource {
    static final Instant BOOT = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long nanos = Duration.ofHours(1).toNanos();
    private long wallOffset;
    private long jumps;
    private long scheduled;

    private record Event(long at, long order, Runnable what) {}

    /** Nanoseconds since boot; never goes back. */
    long monotonic() {
        return nanos;
    }

    /** The wall clock, jumps included. */
    @Override
    public Instant instant() {
        return BOOT.plusNanos(nanos + wallOffset);
    }

    /** What the wall clock would say had nobody ever set it. */
    Instant steady() {
        return BOOT.plusNanos(nanos);
    }

    void jumpWallClock(Duration by) {
        wallOffset += by.toNanos();
        jumps++;
    }

    /** How often the wall clock was set. */
    long jumps() {
        return jumps;
    }

    void after(Duration delay, Runnable what) {
        events.add(new Event(nanos + Math.max(0, delay.toNanos()), scheduled++, what));
    }

    /** When the next event is due; empty when nothing is scheduled. */
    OptionalLong next() {
        Event event = events.peek();
        return event == null ? OptionalLong.empty() : OptionalLong.of(event.at());
    }

    /** Moves to the next event and runs it; false when there is none. */
    boolean runNext() {
        Event event = events.poll();
        if (event == null) {
            return false;
        }
        nanos = Math.max(nanos, event.at());
        event.what().run();
        return true;
    }

    /** Moves on by {@code delay}, running everything that falls due. May be called from within an event. */
    void advance(Duration delay) {
        advanceTo(nanos + delay.toNanos());
    }

    void advanceTo(long until) {
        for (Event event = events.peek(); event != null && event.at() <= until; event = events.peek()) {
            runNext();
        }
        nanos = Math.max(nanos, until);
    }
}
