package dev.berth.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The ending of what holds a port: the one path by which Berth ends processes that it did not start, whether a conflict or
 * a caller asked for it. At most one per port. It is stored before the first signal and closed with what was seen.
 *
 * @param service on whose behalf; empty when a caller asked to free the port
 * @param conflict the conflict that it settles
 * @param force skip SIGTERM
 * @param deadline when the present phase ends: the grace period, the wait for SIGKILL, the respawn watch
 * @param startedAt of the eviction
 */
public record Eviction(
        PortKey port,
        String id,
        Actor requestedBy,
        Optional<ServiceKey> service,
        Optional<String> conflict,
        boolean force,
        Duration grace,
        Phase phase,
        List<Target> targets,
        Instant startedAt,
        Instant deadline,
        Optional<String> message,
        long resourceVersion)
        implements StoredObject {
    /** Where it stands; each waits for the world or its deadline. */
    public enum Phase {
        /** SIGTERM is intended or sent; the grace period runs. */
        TERMINATING,
        /** SIGKILL is intended or sent. */
        KILLING,
        /** The port was seen free; is it taken again? */
        WATCHING,
        /** Free, and it stayed free. */
        FREED,
        /** Free, then taken again by the same kind of process; {@code message} says who restarts it. */
        RESPAWNED,
        /** Still taken; {@code message} says why. */
        FAILED;

        public boolean isOpen() {
            return this == TERMINATING || this == KILLING || this == WATCHING;
        }
    }

    /**
     * One process to end.
     *
     * @param inodes the sockets of the port that it was seen to hold: proof to be read again before each signal
     * @param openAct the audit act whose outcome is not yet written; after a crash it tells which intent to close
     * @param signals what was sent so far, such as {@code SIGTERM}
     * @param uid whose it was when it was judged: a process that has become somebody else's since is not signalled
     * @param parent so that a process that comes back can be recognised, and who restarts it named
     */
    public record Target(
            ProcessRef process,
            String command,
            Optional<ProcessRef> parent,
            Optional<String> respawner,
            Set<Long> inodes,
            List<String> signals,
            Optional<String> openAct,
            boolean gone,
            OptionalLong uid) {
        public Target {
            inodes = Set.copyOf(inodes);
            signals = List.copyOf(signals);
        }
    }

    public Eviction {
        targets = List.copyOf(targets);
    }

    @Override
    public ObjectRef ref() {
        return ObjectRef.global(ObjectRef.Kind.EVICTION, port.toString());
    }

    @Override
    public Eviction withResourceVersion(long version) {
        return new Eviction(
                port,
                id,
                requestedBy,
                service,
                conflict,
                force,
                grace,
                phase,
                targets,
                startedAt,
                deadline,
                message,
                version);
    }

    public Eviction withTargets(List<Target> newTargets) {
        return new Eviction(
                port,
                id,
                requestedBy,
                service,
                conflict,
                force,
                grace,
                phase,
                newTargets,
                startedAt,
                deadline,
                message,
                resourceVersion);
    }

    public Eviction entering(Phase newPhase, Instant newDeadline) {
        return new Eviction(
                port,
                id,
                requestedBy,
                service,
                conflict,
                force,
                grace,
                newPhase,
                targets,
                startedAt,
                newDeadline,
                message,
                resourceVersion);
    }

    public Eviction ended(Phase newPhase, String why) {
        return new Eviction(
                port,
                id,
                requestedBy,
                service,
                conflict,
                force,
                grace,
                newPhase,
                targets,
                startedAt,
                deadline,
                Optional.of(why),
                resourceVersion);
    }
}
