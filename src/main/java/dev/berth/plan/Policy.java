package dev.berth.plan;

import dev.berth.model.HealthCheckSpec;
import dev.berth.model.PortRange;
import dev.berth.model.Ports;
import dev.berth.model.ServiceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The settings that judging depends on.
 *
 * @param autoResolve false: conflicts are reported, nothing is done about them
 * @param strategy for services that name none
 * @param preserveForeign true: no strategy ends a foreign process
 * @param maxAlternatives how many of a service's alternatives are tried
 * @param homeAfter how long a preferred port must have been free before a stopped service returns to it
 * @param stopOwners whether a unit or container that holds a port may be stopped through its owner
 * @param respawnWatch how long an emptied port is watched for a holder that comes back; at most the grace period is used
 * @param reserved ports that are never chosen
 * @param range what is drawn from by services without a range of their own
 * @param ephemeral the range of outgoing connections, never chosen from; empty when unknown
 * @param protectedProcesses patterns (of command or short name) that are never signalled
 * @param confirm operations that wait for approval, such as {@code terminate}
 * @param approvalTtl how long such an operation waits; after that the safe way is taken
 * @param development ports are chosen upward from the start of the range, and nothing takes long
 */
public record Policy(
        boolean autoResolve,
        String strategy,
        boolean allowMigration,
        boolean preserveForeign,
        int maxAlternatives,
        Duration homeAfter,
        boolean stopOwners,
        Duration respawnWatch,
        List<PortRange> reserved,
        PortRange range,
        Optional<PortRange> ephemeral,
        List<String> protectedProcesses,
        Set<Integer> protectedPorts,
        Set<String> confirm,
        Duration approvalTtl,
        boolean development) {
    public static final Duration DEFAULT_HOME_AFTER = Duration.ofSeconds(30);
    public static final Duration DEFAULT_RESPAWN_WATCH = Duration.ofSeconds(3);
    public static final int DEFAULT_MAX_ALTERNATIVES = 10;
    public static final Duration DEFAULT_APPROVAL_TTL = Duration.ofHours(1);

    /** In development mode nobody waits longer than this for a program that does not want to go. */
    public static final Duration DEVELOPMENT_GRACE_PERIOD = Duration.ofSeconds(2);

    /** In development mode somebody sits before it: what is not up by then is to be told. */
    public static final Duration DEVELOPMENT_START_PERIOD = Duration.ofSeconds(10);

    /** Without development mode, and waiting for approval as long as usual. */
    public Policy(
            boolean autoResolve,
            String strategy,
            boolean allowMigration,
            boolean preserveForeign,
            int maxAlternatives,
            Duration homeAfter,
            boolean stopOwners,
            Duration respawnWatch,
            List<PortRange> reserved,
            PortRange range,
            Optional<PortRange> ephemeral,
            List<String> protectedProcesses,
            Set<Integer> protectedPorts,
            Set<String> confirm) {
        this(
                autoResolve,
                strategy,
                allowMigration,
                preserveForeign,
                maxAlternatives,
                homeAfter,
                stopOwners,
                respawnWatch,
                reserved,
                range,
                ephemeral,
                protectedProcesses,
                protectedPorts,
                confirm,
                DEFAULT_APPROVAL_TTL,
                false);
    }

    public Policy {
        reserved = List.copyOf(reserved);
        protectedProcesses = List.copyOf(protectedProcesses);
        protectedPorts = Set.copyOf(protectedPorts);
        confirm = Set.copyOf(confirm);
    }

    /** Every setting at its documented default. */
    public static Policy defaults() {
        return new Policy(
                true,
                "intelligent",
                true,
                false,
                DEFAULT_MAX_ALTERNATIVES,
                DEFAULT_HOME_AFTER,
                false,
                DEFAULT_RESPAWN_WATCH,
                List.of(
                        new PortRange(5432, 5432),
                        new PortRange(6379, 6379),
                        new PortRange(9090, 9090),
                        new PortRange(3001, 3001)),
                new PortRange(Ports.LOWEST_CHOSEN, Ports.MAX),
                Optional.empty(),
                List.of(),
                Set.of(),
                Set.of());
    }

    /** The same for development: with ports from {@code base} on. */
    public Policy developing(int base) {
        return new Policy(
                autoResolve,
                strategy,
                allowMigration,
                preserveForeign,
                maxAlternatives,
                homeAfter,
                stopOwners,
                respawnWatch,
                reserved,
                new PortRange(base, base <= range.last() ? range.last() : Ports.MAX),
                ephemeral,
                protectedProcesses,
                protectedPorts,
                confirm,
                approvalTtl,
                true);
    }

    /** The same, but what must be approved waits so long for it. */
    public Policy waitingForApproval(Duration ttl) {
        return new Policy(
                autoResolve,
                strategy,
                allowMigration,
                preserveForeign,
                maxAlternatives,
                homeAfter,
                stopOwners,
                respawnWatch,
                reserved,
                range,
                ephemeral,
                protectedProcesses,
                protectedPorts,
                confirm,
                ttl,
                development);
    }

    /** The same, with conflicts resolved whatever the settings say. */
    public Policy resolving() {
        return new Policy(
                true,
                strategy,
                allowMigration,
                preserveForeign,
                maxAlternatives,
                homeAfter,
                stopOwners,
                respawnWatch,
                reserved,
                range,
                ephemeral,
                protectedProcesses,
                protectedPorts,
                confirm,
                approvalTtl,
                development);
    }

    /** How long a program of this service is given to end. */
    public Duration gracePeriod(ServiceSpec spec) {
        return atMost(spec.gracePeriod(), DEVELOPMENT_GRACE_PERIOD);
    }

    /** How long after its start failures of a service say nothing. */
    public Duration startPeriod(ServiceSpec spec) {
        return startPeriod(
                spec.healthCheck().map(HealthCheckSpec::startPeriod).orElse(HealthCheckSpec.DEFAULT_START_PERIOD));
    }

    /** The start period that counts for a check that wants this one. */
    public Duration startPeriod(Duration wanted) {
        return atMost(wanted, DEVELOPMENT_START_PERIOD);
    }

    private Duration atMost(Duration wanted, Duration inDevelopment) {
        return development && wanted.compareTo(inDevelopment) > 0 ? inDevelopment : wanted;
    }

    /** Is this port on the list of those that Berth never chooses by itself? */
    public boolean isReserved(int port) {
        return reserved.stream().anyMatch(entry -> entry.contains(port));
    }
}
