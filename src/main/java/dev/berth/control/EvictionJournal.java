package dev.berth.control;

import dev.berth.model.AuditEntry;
import dev.berth.model.Conflict;
import dev.berth.model.ConflictAction;
import dev.berth.model.Eviction;
import dev.berth.model.Outcome;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Stores each step of an eviction together with what it means for its conflict. */
final class EvictionJournal {
    /** The name of the action under which a conflict tells of signals. */
    static final String EVICT = "EvictHolders";

    /** The name of the action under which a conflict tells that a holder came back; its detail says who restarted it. */
    static final String CAME_BACK = "CameBack";

    private final Registry registry;
    private final InstantSource clock;

    EvictionJournal(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** Returns the eviction as stored. */
    Eviction store(Eviction eviction, List<AuditEntry> audit, UnaryOperator<Conflict> conflictChange)
            throws StoreException, StaleVersionException {
        ChangeSet.Builder changes = ChangeSet.builder().put(eviction);
        audit.forEach(changes::audit);
        conflictOf(eviction).ifPresent(conflict -> {
            Conflict changed = conflictChange.apply(conflict);
            if (!changed.equals(conflict)) {
                changes.put(changed);
            }
        });
        return registry.commit(changes.build()).stream()
                .filter(Eviction.class::isInstance)
                .map(Eviction.class::cast)
                .findFirst()
                .orElseThrow();
    }

    void remove(Eviction eviction, List<AuditEntry> audit) throws StoreException, StaleVersionException {
        ChangeSet.Builder changes = ChangeSet.builder().delete(eviction);
        audit.forEach(changes::audit);
        registry.commit(changes.build());
    }

    Optional<Conflict> conflictOf(Eviction eviction) {
        return eviction.conflict()
                .flatMap(registry::conflict)
                .filter(conflict -> conflict.state().isOpen());
    }

    /** Notes that something more is being tried. */
    UnaryOperator<Conflict> trying(String detail) {
        return conflict -> conflict.withAction(attempt(detail, clock.instant()));
    }

    static ConflictAction attempt(String detail, Instant at) {
        return new ConflictAction(EVICT, detail, at, Outcome.INTENDED, Optional.empty());
    }

    /** Gives every attempt that is still open its outcome. */
    UnaryOperator<Conflict> ended(Outcome outcome) {
        return conflict -> {
            List<ConflictAction> actions = new ArrayList<>();
            for (ConflictAction action : conflict.actions()) {
                boolean open = action.action().equals(EVICT) && action.outcome() == Outcome.INTENDED;
                actions.add(
                        open
                                ? new ConflictAction(
                                        EVICT,
                                        action.detail(),
                                        action.at(),
                                        outcome,
                                        Optional.of(Duration.between(action.at(), clock.instant())))
                                : action);
            }
            return conflict.withActions(actions);
        };
    }

    /** Notes that what was ended came back. */
    UnaryOperator<Conflict> cameBack(String who) {
        return conflict -> ended(Outcome.FAILED)
                .apply(conflict)
                .withAction(new ConflictAction(CAME_BACK, who, clock.instant(), Outcome.FAILED, Optional.empty()));
    }
}
