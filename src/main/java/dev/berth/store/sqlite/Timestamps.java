package dev.berth.store.sqlite;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Instants as nanoseconds since 1970 (years 1677 to 2262): one exact number that sorts, where texts of varying length don't. */
final class Timestamps {
    private static final long PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private Timestamps() {}

    static long toNanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano());
    }

    static Instant fromNanos(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, PER_SECOND), Math.floorMod(nanos, PER_SECOND));
    }
}
