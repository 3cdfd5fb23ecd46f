package dev.berth.host;

import dev.berth.model.Traffic;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What goes through connections, from the kernel's own counters. Safe for use by many threads. */
public interface TrafficMeter extends AutoCloseable {
    /** Where the system does not tell. */
    TrafficMeter NONE = ports -> Optional.empty();

    /**
     * The TCP connections that are open now and whose own end is on one of these ports: those that a server accepted. What
     * was opened and closed between two looks is seen by neither.
     *
     * @return empty where the system does not tell
     * @throws ObservationException when the look failed
     */
    Optional<List<Traffic>> read(Set<Integer> ports) throws ObservationException;

    @Override
    default void close() {
        // Most have nothing to close.
    }
}
