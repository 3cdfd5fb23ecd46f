package dev.berth.control;

import dev.berth.model.Actor;
import dev.berth.model.Conflict;
import dev.berth.model.DecisionKind;
import dev.berth.model.Eviction;
import dev.berth.model.Outcome;
import dev.berth.plan.Action;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Opens, decides anew and closes conflicts. */
final class ConflictHandlers {
    private final Supplier<String> ids;
    private final DecisionLog log;

    ConflictHandlers(Supplier<String> ids, DecisionLog log) {
        this.ids = ids;
        this.log = log;
    }

    Optional<String> open(Action.OpenConflict action, ServiceDraft draft) {
        if (draft.openConflict(action.port()).isPresent()) {
            return Optional.of("the conflict about port " + action.port() + " is open already");
        }
        Conflict conflict = new Conflict(
                ids.get(),
                draft.service().key(),
                action.port(),
                action.severity(),
                action.severityReason(),
                state(action.decision(), action.needsApproval()),
                action.holder(),
                action.strategy(),
                action.decision(),
                action.reason(),
                List.of(),
                draft.now(),
                Optional.empty(),
                0);
        draft.conflict(action.needsApproval() ? ApprovalRecord.asked(conflict, draft.now()) : conflict);
        draft.audit(Audits.ofConflict(
                draft.now(),
                Actor.CONTROLLER,
                Audits.CONFLICT_DETECTED,
                conflict,
                action.reason(),
                Outcome.SUCCEEDED,
                "port " + action.port() + " is held by " + action.holder().description()));
        draft.afterCommit(() -> log.decided(
                Optional.of(conflict.id()),
                conflict.service() + " wants port " + action.port() + ", which is held by "
                        + action.holder().description() + "; severity " + word(action.severity()) + " ("
                        + action.severityReason() + "); " + action.strategy() + ": " + word(action.decision())
                        + (action.needsApproval() ? " after approval" : "") + ", " + action.reason()));
        return Optional.empty();
    }

    Optional<String> redecide(Action.RedecideConflict action, ServiceDraft draft) {
        Optional<Conflict> found = draft.situation().conflicts().stream()
                .map(Conflict::port)
                .flatMap(port -> draft.openConflict(port).stream())
                .filter(conflict -> conflict.id().equals(action.conflict()))
                .findFirst();
        if (found.isEmpty()) {
            return Optional.of("the conflict to decide anew is not open any more");
        }
        Conflict lapsed = ApprovalRecord.lapsed(found.get(), action.lapse(), draft);
        Conflict decided =
                lapsed.decided(action.decision(), action.reason(), state(action.decision(), action.needsApproval()));
        draft.conflict(
                action.needsApproval() ? ApprovalRecord.asked(decided.with(action.holder()), draft.now()) : decided);
        draft.afterCommit(() -> log.decided(
                Optional.of(decided.id()),
                "port " + decided.port() + " is decided anew: " + word(action.decision())
                        + (action.needsApproval() ? " after approval" : "") + ", " + action.reason()));
        return Optional.empty();
    }

    Optional<String> close(Action.CloseConflict action, ServiceDraft draft) {
        Optional<Conflict> found = draft.openConflict(action.port());
        if (found.isEmpty()) {
            return Optional.of("the conflict to close is not open any more");
        }
        Outcome outcome = action.succeeded() ? Outcome.SUCCEEDED : Outcome.FAILED;
        OwnerStops.Abandoned abandoned = OwnerStops.abandon(found.get(), draft.now());
        Conflict closed = abandoned
                .conflict()
                .closed(action.succeeded() ? Conflict.State.RESOLVED : Conflict.State.FAILED, draft.now());
        draft.conflict(closed);
        abandoned.outcome().ifPresent(draft::audit);
        draft.audit(Audits.ofConflict(
                draft.now(),
                Actor.CONTROLLER,
                Audits.CONFLICT_RESOLVED,
                closed,
                action.reason(),
                outcome,
                word(closed.decision())));
        Eviction eviction = draft.situation().evictions().get(action.port());
        if (eviction != null
                && !eviction.phase().isOpen()
                && eviction.service().equals(Optional.of(draft.service().key()))) {
            draft.finish(eviction);
        }
        draft.afterCommit(() -> log.decided(
                Optional.of(closed.id()),
                "port " + action.port() + " is " + (action.succeeded() ? "settled" : "not settled") + " for "
                        + closed.service() + ": " + action.reason()));
        return Optional.empty();
    }

    private static Conflict.State state(DecisionKind decision, boolean needsApproval) {
        if (needsApproval) {
            return Conflict.State.AWAITING_APPROVAL;
        }
        return decision == DecisionKind.REPORT || decision == DecisionKind.WAIT
                ? Conflict.State.DETECTED
                : Conflict.State.RESOLVING;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
