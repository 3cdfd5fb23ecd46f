package dev.berth.control;

import dev.berth.host.Signal;
import dev.berth.model.Eviction;
import dev.berth.model.ProcessRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Signals whose sending failed for no lasting reason, and when each is tried again: after 100 ms, 200 ms, 400 ms, … */
final class SignalRetries {
    private static final Duration FIRST = Duration.ofMillis(100);
    /** Beyond it the grace period is the limit. */
    private static final int MOST_DOUBLINGS = 6;

    private final LongSupplier ticker;
    // Guarded by this.
    private final Map<Key, Failed> failures = new HashMap<>();

    SignalRetries(LongSupplier ticker) {
        this.ticker = ticker;
    }

    private record Key(String eviction, ProcessRef process, Signal signal) {}

    private record Failed(int times, long nextAt, String why) {}

    synchronized void failed(Eviction eviction, Eviction.Target target, Signal signal, String why) {
        Key key = new Key(eviction.id(), target.process(), signal);
        int times = Optional.ofNullable(failures.get(key)).map(Failed::times).orElse(0);
        long delay = FIRST.toNanos() << Math.min(times, MOST_DOUBLINGS);
        failures.put(key, new Failed(times + 1, ticker.getAsLong() + delay, why));
    }

    /** How long until it may be tried; zero for what never failed. */
    synchronized Duration left(Eviction eviction, Eviction.Target target, Signal signal) {
        return Optional.ofNullable(failures.get(new Key(eviction.id(), target.process(), signal)))
                .map(failed -> Duration.ofNanos(Math.max(0, failed.nextAt() - ticker.getAsLong())))
                .orElse(Duration.ZERO);
    }

    synchronized Optional<String> why(Eviction eviction) {
        return failures.entrySet().stream()
                .filter(each -> each.getKey().eviction().equals(eviction.id()))
                .map(each -> each.getValue().why())
                .findFirst();
    }

    synchronized void forget(String eviction) {
        failures.keySet().removeIf(key -> key.eviction().equals(eviction));
    }
}
