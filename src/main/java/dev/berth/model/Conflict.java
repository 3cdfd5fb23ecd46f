package dev.berth.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One contest over one port, from the first sight until the port is free or the service holds it.
 *
 * @param id sorts by time (ULID)
 */
public record Conflict(
        String id,
        ServiceKey service,
        PortKey port,
        Severity severity,
        String severityReason,
        State state,
        ConflictHolder holder,
        String strategy,
        DecisionKind decision,
        String reason,
        List<ConflictAction> actions,
        Instant detectedAt,
        Optional<Instant> resolvedAt,
        long resourceVersion)
        implements StoredObject {
    /** How far it has come. */
    public enum State {
        DETECTED,
        AWAITING_APPROVAL,
        RESOLVING,
        RESOLVED,
        FAILED,
        DISMISSED;

        /** A closed conflict is history; a new contest makes a new one. */
        public boolean isOpen() {
            return this == DETECTED || this == AWAITING_APPROVAL || this == RESOLVING;
        }
    }

    public Conflict {
        actions = List.copyOf(actions);
    }

    @Override
    public ObjectRef ref() {
        return ObjectRef.global(ObjectRef.Kind.CONFLICT, id);
    }

    @Override
    public Conflict withResourceVersion(long version) {
        return new Conflict(
                id,
                service,
                port,
                severity,
                severityReason,
                state,
                holder,
                strategy,
                decision,
                reason,
                actions,
                detectedAt,
                resolvedAt,
                version);
    }

    public Conflict withAction(ConflictAction action) {
        List<ConflictAction> all = new ArrayList<>(actions);
        all.add(action);
        return withActions(all);
    }

    public Conflict withActions(List<ConflictAction> all) {
        return new Conflict(
                id,
                service,
                port,
                severity,
                severityReason,
                state,
                holder,
                strategy,
                decision,
                reason,
                all,
                detectedAt,
                resolvedAt,
                resourceVersion);
    }

    /** The same contest with whoever is at the port now. */
    public Conflict with(ConflictHolder present) {
        return new Conflict(
                id,
                service,
                port,
                severity,
                severityReason,
                state,
                present,
                strategy,
                decision,
                reason,
                actions,
                detectedAt,
                resolvedAt,
                resourceVersion);
    }

    public Conflict decided(DecisionKind newDecision, String newReason, State newState) {
        return new Conflict(
                id,
                service,
                port,
                severity,
                severityReason,
                newState,
                holder,
                strategy,
                newDecision,
                newReason,
                actions,
                detectedAt,
                resolvedAt,
                resourceVersion);
    }

    public Conflict closed(State newState, Instant at) {
        return new Conflict(
                id,
                service,
                port,
                severity,
                severityReason,
                newState,
                holder,
                strategy,
                decision,
                reason,
                actions,
                detectedAt,
                Optional.of(at),
                resourceVersion);
    }
}
