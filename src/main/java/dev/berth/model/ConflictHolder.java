package dev.berth.model;

import java.time.Instant;
import java.util.Optional;

/** The holder of a contested port as it was when judged; kept for history after the process has gone. */
public record ConflictHolder(
        HolderKind kind,
        Optional<ProcessRef> process,
        Optional<User> user,
        Optional<String> command,
        Optional<Instant> startedAt,
        Optional<String> unit,
        Optional<String> container,
        Optional<String> respawner,
        Optional<ServiceKey> service,
        String description) {
    /** By which the same holder is known again: the same program has another pid each time. */
    public String name() {
        return service.map(each -> "service " + each)
                .or(() -> unit.map(each -> "unit " + each))
                .or(() -> container.map(each -> "container " + each))
                .or(() -> command)
                .orElse(description);
    }
}
