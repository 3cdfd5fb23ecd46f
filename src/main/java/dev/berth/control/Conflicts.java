package dev.berth.control;

import dev.berth.model.AuditEntry;
import dev.berth.model.Caller;
import dev.berth.model.Conflict;
import dev.berth.model.ConflictAction;
import dev.berth.model.Outcome;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** People's decisions about conflicts. Reading them is the registry's (open) and the store's (closed). */
public final class Conflicts {
    private static final int TRIES = 16;

    private final Registry registry;
    private final Asked asked;
    private final Consumer<WorkKey> enqueue;
    private final InstantSource clock;
    private final DecisionLog log;

    Conflicts(Registry registry, Asked asked, Consumer<WorkKey> enqueue, InstantSource clock, DecisionLog log) {
        this.registry = registry;
        this.asked = asked;
        this.enqueue = enqueue;
        this.clock = clock;
        this.log = log;
    }

    /**
     * Lets Berth do what waits for approval: the very thing that was asked, to the very holder that was named. Before it acts
     * it looks and plans again; when either has changed the approval is void and is asked for anew.
     *
     * @param shown the version of the conflict that the caller decides about; empty for the present one
     */
    public ConflictAnswer approve(String id, OptionalLong shown, Caller caller)
            throws StoreException, StaleVersionException {
        return decide(
                id,
                conflict -> shown.isPresent() && shown.getAsLong() != conflict.resourceVersion()
                        ? new ConflictAnswer.Changed(conflict)
                        : approve(conflict, caller));
    }

    /**
     * Closes the conflict without doing anything (more) about it. The same contest is not opened again while the same
     * process holds the port.
     */
    public ConflictAnswer dismiss(String id, Caller caller) throws StoreException, StaleVersionException {
        return decide(id, conflict -> dismiss(conflict, caller));
    }

    /**
     * Looks at every open conflict now and settles what can be settled, even where {@code reconcile.autoResolve} is off.
     * What waits for approval goes on waiting. Does not wait for the result.
     *
     * @param theirs the caller may decide
     * @return the conflicts that are being looked at
     */
    public List<Conflict> resolveAll(Caller caller, Predicate<Conflict> theirs) {
        List<Conflict> open = registry.openConflicts().stream().filter(theirs).toList();
        if (!open.isEmpty()) {
            log.decided(Optional.empty(), caller.display() + " asks to resolve " + open.size() + " open conflicts now");
        }
        for (Conflict conflict : open) {
            asked.resolve(conflict.service());
            enqueue.accept(WorkKey.service(conflict.service()));
        }
        return open;
    }

    private interface Decision {
        ConflictAnswer take(Conflict conflict) throws StoreException, StaleVersionException;
    }

    private ConflictAnswer decide(String id, Decision decision) throws StoreException, StaleVersionException {
        for (int tries = 1; ; tries++) {
            Optional<Conflict> conflict =
                    registry.conflict(id).filter(each -> each.state().isOpen());
            if (conflict.isEmpty()) {
                return new ConflictAnswer.NotFound(id);
            }
            try {
                return decision.take(conflict.get());
            } catch (StaleVersionException e) {
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private ConflictAnswer approve(Conflict conflict, Caller caller) throws StoreException, StaleVersionException {
        if (conflict.state() != Conflict.State.AWAITING_APPROVAL) {
            return new ConflictAnswer.NotPossible(
                    conflict,
                    "the conflict does not wait for approval, it is "
                            + conflict.state().name().toLowerCase(Locale.ROOT));
        }
        Instant now = clock.instant();
        Conflict approved = ApprovalRecord.given(conflict, caller.display(), now)
                .decided(conflict.decision(), conflict.reason(), Conflict.State.RESOLVING);
        return store(approved, Optional.empty(), Audits.CONFLICT_APPROVED, caller, now);
    }

    private ConflictAnswer dismiss(Conflict conflict, Caller caller) throws StoreException, StaleVersionException {
        Instant now = clock.instant();
        OwnerStops.Abandoned abandoned = OwnerStops.abandon(conflict, now);
        Conflict dismissed = abandoned
                .conflict()
                .withAction(new ConflictAction(
                        "Dismiss", "by " + caller.display(), now, Outcome.SUCCEEDED, Optional.empty()))
                .closed(Conflict.State.DISMISSED, now);
        ConflictAnswer answer = store(dismissed, abandoned.outcome(), Audits.CONFLICT_DISMISSED, caller, now);
        // What was begun for it is given up.
        enqueue.accept(WorkKey.eviction(conflict.port()));
        return answer;
    }

    private ConflictAnswer store(
            Conflict decided, Optional<AuditEntry> outcome, String action, Caller caller, Instant now)
            throws StoreException, StaleVersionException {
        ChangeSet.Builder changes = ChangeSet.builder().put(decided);
        outcome.ifPresent(changes::audit);
        changes.audit(Audits.ofConflict(
                now,
                caller.actor(),
                action,
                decided,
                "decided by " + caller.display(),
                Outcome.SUCCEEDED,
                decided.decision().name().toLowerCase(Locale.ROOT)));
        Conflict stored = (Conflict) registry.commit(changes.build()).get(0);
        log.decided(Optional.of(decided.id()), action + " by " + caller.display() + ": port " + decided.port());
        enqueue.accept(WorkKey.service(decided.service()));
        return new ConflictAnswer.Taken(stored);
    }
}
