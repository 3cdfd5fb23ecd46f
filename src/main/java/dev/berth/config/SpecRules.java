package dev.berth.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What reading a spec depends on beside the input.
 *
 * @param strategies the names of those that exist, plugins' included
 * @param healthChecks the kinds that exist, plugins' included
 * @param bindHosts the addresses that a service may name as its host; empty means any
 * @param base where relative paths start; empty leaves them as they are
 */
public record SpecRules(Set<String> strategies, Set<String> healthChecks, List<String> bindHosts, Optional<Path> base) {
    /** What Berth itself brings. */
    public static final SpecRules BUILT_IN = new SpecRules(
            Set.of("conservative", "aggressive", "intelligent"),
            Set.of("http", "tcp", "command"),
            List.of(),
            Optional.empty());

    public SpecRules {
        strategies = Set.copyOf(strategies);
        healthChecks = Set.copyOf(healthChecks);
        bindHosts = List.copyOf(bindHosts);
    }

    public SpecRules startingAt(Path directory) {
        return new SpecRules(strategies, healthChecks, bindHosts, Optional.of(directory));
    }
}
