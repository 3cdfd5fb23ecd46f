package dev.berth.control;

import dev.berth.model.Actor;
import dev.berth.model.Conflict;
import dev.berth.model.ConflictAction;
import dev.berth.model.Outcome;
import dev.berth.plan.Approval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes down what was asked of people about a conflict, and what became of their answer. */
final class ApprovalRecord {
    private ApprovalRecord() {}

    /** A question. One that follows another takes its place: a holder that restarts all the time makes no endless record. */
    static Conflict asked(Conflict conflict, Instant now) {
        List<ConflictAction> actions = new ArrayList<>(conflict.actions());
        if (!actions.isEmpty() && actions.get(actions.size() - 1).action().equals(Approval.ASKED)) {
            actions.remove(actions.size() - 1);
        }
        actions.add(action(Approval.ASKED, wish(conflict), now, Outcome.INTENDED));
        return conflict.withActions(actions);
    }

    /** An answer. */
    static Conflict given(Conflict conflict, String by, Instant now) {
        return conflict.withAction(action(Approval.GIVEN, "by " + by + ": " + wish(conflict), now, Outcome.SUCCEEDED));
    }

    /** The end of a question or an answer that no longer counts, told and audited. */
    static Conflict lapsed(Conflict conflict, Approval.Lapse lapse, ServiceDraft draft) {
        return switch (lapse) {
            case NONE -> conflict;
            case VOID ->
                lapsed(
                        conflict,
                        Approval.VOID,
                        Audits.APPROVAL_VOIDED,
                        "the approval was to " + wish(conflict) + ", and that is no longer so",
                        draft);
            case EXPIRED ->
                lapsed(
                        conflict,
                        Approval.EXPIRED,
                        Audits.APPROVAL_EXPIRED,
                        "nobody answered whether to " + wish(conflict),
                        draft);
        };
    }

    private static Conflict lapsed(Conflict conflict, String word, String audit, String why, ServiceDraft draft) {
        draft.audit(Audits.ofConflict(
                draft.now(), Actor.CONTROLLER, audit, conflict, why, Outcome.SUCCEEDED, "port " + conflict.port()));
        return conflict.withAction(action(word, why, draft.now(), Outcome.SUCCEEDED));
    }

    private static String wish(Conflict conflict) {
        return conflict.decision().name().toLowerCase(Locale.ROOT) + " because of "
                + conflict.holder().description();
    }

    private static ConflictAction action(String word, String detail, Instant now, Outcome outcome) {
        return new ConflictAction(word, detail, now, outcome, Optional.empty());
    }
}
