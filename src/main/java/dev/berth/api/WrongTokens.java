package dev.berth.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Counts wrong tokens per peer, so that nobody tries one after the other. Bounded, and safe for use by many threads. */
final class WrongTokens {
    /** A person who mistypes and a script with an old token stay below it. */
    static final int MOST = 20;

    static final Duration WINDOW = Duration.ofMinutes(1);

    /** With more peers than these the longest known is forgotten, who then has as many tries again. */
    private static final int PEERS = 1024;

    private final LongSupplier nanos;
    // Guarded by this.
    private final Map<String, Count> counts = new LinkedHashMap<>();

    private record Count(long since, int wrong) {}

    /** @param nanos monotonic nanoseconds */
    WrongTokens(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized boolean areTooMany(String peer) {
        Count count = counts.get(peer);
        return count != null && !isOver(count) && count.wrong() >= MOST;
    }

    synchronized void another(String peer) {
        Count before = counts.get(peer);
        counts.put(
                peer,
                before == null || isOver(before)
                        ? new Count(nanos.getAsLong(), 1)
                        : new Count(before.since(), before.wrong() + 1));
        if (counts.size() > PEERS) {
            counts.remove(counts.keySet().iterator().next());
        }
    }

    private boolean isOver(Count count) {
        return nanos.getAsLong() - count.since() > WINDOW.toNanos();
    }
}
