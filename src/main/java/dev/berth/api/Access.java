package dev.berth.api;

import java.time.Duration;
import java.util.Collection;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the gate must know of this Berth.
 *
 * @param port where it listens
 * @param allowedHosts the setting, as it is now
 * @param limits for clients, as they are now
 * @param nanos monotonic nanoseconds
 */
public record Access(
        Supplier<Integer> port,
        Supplier<Collection<String>> allowedHosts,
        Supplier<Limits> limits,
        LongSupplier nanos) {
    /**
     * What a client may take of ours.
     *
     * @param connections at most, of all clients together
     * @param requestTime from a request's first byte to its last
     * @param requestRate requests in a second of one user, see {@link RequestRates}
     */
    public record Limits(int connections, Duration requestTime, int requestRate) {}
}
