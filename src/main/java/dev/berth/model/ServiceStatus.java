package dev.berth.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What was seen of a service.
 *
 * @param port the port that is assigned to it
 * @param process the process that was adopted or started for it, by identity
 * @param restarts automatic ones in a row; starts anew after a minute of Ready
 * @param observedGeneration the spec that this status speaks of; 0 before the first look
 * @param run what Berth runs for it; empty for a service that it only observes
 */
public record ServiceStatus(
        ServiceState state,
        OptionalInt port,
        Optional<ProcessRef> process,
        int restarts,
        long observedGeneration,
        List<Condition> conditions,
        Optional<Run> run) {
    public ServiceStatus {
        conditions = List.copyOf(conditions);
    }

    /** Of a service that Berth has started nothing for. */
    public ServiceStatus(
            ServiceState state,
            OptionalInt port,
            Optional<ProcessRef> process,
            int restarts,
            long observedGeneration,
            List<Condition> conditions) {
        this(state, port, process, restarts, observedGeneration, conditions, Optional.empty());
    }

    /** The same with another account of what Berth runs, and of its process. */
    public ServiceStatus with(Run newRun, Optional<ProcessRef> newProcess) {
        return new ServiceStatus(
                state, port, newProcess, newRun.failures(), observedGeneration, conditions, Optional.of(newRun));
    }

    /** What Berth runs for it; nothing as long as it has started nothing. */
    public Run runOrNone() {
        return run.orElse(Run.NONE);
    }

    /** It runs, or is just being started. */
    public boolean isUp() {
        return process.isPresent()
                || run.flatMap(Run::launch).flatMap(Launch::act).isPresent();
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
