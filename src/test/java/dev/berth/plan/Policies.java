package dev.berth.plan;

import dev.berth.model.PortRange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The default settings with some of them changed. */
final class Policies {
    boolean autoResolve = true;
    boolean allowMigration = true;
    boolean preserveForeign = false;
    boolean stopOwners = false;
    int maxAlternatives = Policy.DEFAULT_MAX_ALTERNATIVES;
    List<PortRange> reserved = Policy.defaults().reserved();
    PortRange range = Policy.defaults().range();
    Optional<PortRange> ephemeral = Optional.empty();
    List<String> protectedProcesses = List.of();
    Set<Integer> protectedPorts = Set.of();
    Set<String> confirm = Set.of();

    private Policies() {}

    static Policy with(Consumer<Policies> changes) {
        Policies each = new Policies();
        changes.accept(each);
        return new Policy(
                each.autoResolve,
                "intelligent",
                each.allowMigration,
                each.preserveForeign,
                each.maxAlternatives,
                Duration.ofSeconds(30),
                each.stopOwners,
                Policy.DEFAULT_RESPAWN_WATCH,
                each.reserved,
                each.range,
                each.ephemeral,
                each.protectedProcesses,
                each.protectedPorts,
                each.confirm);
    }
}
