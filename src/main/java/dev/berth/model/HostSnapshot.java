package dev.berth.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One look at the machine.
 *
 * @param listeners every listening or bound socket that was seen
 * @param processes facts of the holders, by identity; a holder may be missing when it went between two reads
 */
public record HostSnapshot(
        List<Listener> listeners, Map<ProcessRef, ProcessFacts> processes, Instant takenAt, Completeness completeness) {
    public HostSnapshot {
        listeners = List.copyOf(listeners);
        processes = Map.copyOf(processes);
    }

    /** Every socket of a port, over all addresses. Cost: one pass over the listeners; index outside for repeated use. */
    public List<Listener> on(PortKey port) {
        return listeners.stream()
                .filter(listener -> listener.key().equals(port))
                .toList();
    }
}
