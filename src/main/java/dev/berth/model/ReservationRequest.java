package dev.berth.model;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A wish for one port by number, or for some from a range.
 *
 * @param port this one; else any
 * @param range to choose from when no port is named; empty means the default range
 * @param count how many are wanted, all of them or none
 * @param ttl how long; empty means until released
 * @param pid the process with which it ends
 */
public record ReservationRequest(
        String holder,
        Protocol protocol,
        OptionalInt port,
        Optional<PortRange> range,
        int count,
        Optional<Duration> ttl,
        OptionalLong pid) {
    /** Longer than anybody's name for what holds a port; it is shown in lists and conditions. */
    public static final int LONGEST_HOLDER = 128;

    /** One answer carries so many at most. */
    public static final int MOST = 1_000;

    /** Shorter than this a lease could be over before its answer is read. */
    public static final Duration SHORTEST_TTL = Duration.ofSeconds(1);

    /** Who wants a port for longer leaves the time out. */
    public static final Duration LONGEST_TTL = Duration.ofDays(365);

    /** The same for so many. */
    public ReservationRequest of(int many) {
        return new ReservationRequest(holder, protocol, port, range, many, ttl, pid);
    }
}
