package dev.berth.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What was seen of a service.
 *
 * @param port the port that is assigned to it
 * @param process the process that was adopted or started for it, by identity
 * @param observedGeneration the spec that this status speaks of; 0 before the first look
 */
public record ServiceStatus(
        ServiceState state,
        OptionalInt port,
        Optional<ProcessRef> process,
        int restarts,
        long observedGeneration,
        List<Condition> conditions) {
    public ServiceStatus {
        conditions = List.copyOf(conditions);
    }

    /** Before anything was looked at. */
    public static ServiceStatus unseen() {
        return new ServiceStatus(ServiceState.PENDING, OptionalInt.empty(), Optional.empty(), 0, 0, List.of());
    }

    public Optional<Condition> condition(String type) {
        return conditions.stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }
}
