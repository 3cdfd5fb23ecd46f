package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.LimitReading;
import dev.berth.model.LimitReading.Verdict;
import dev.berth.model.Run;
import java.util.Optional;

/** Says whether a service whose process runs keeps within the thresholds that are set, and what follows when it does not. */
final class Thresholds {
    private final Pass pass;
    private final Draft draft;
    private final Optional<LimitReading> reading;
    private final Run run;

    Thresholds(Pass pass, Draft draft) {
        this.pass = pass;
        this.draft = draft;
        RunFacts facts = pass.situation.run();
        this.reading = facts.leader() == RunFacts.Leader.ALIVE ? facts.limits() : Optional.empty();
        this.run = pass.service.status().runOrNone();
    }

    /** Where none is set there is nothing to say. What was said is never of a process before: a start says nothing of it. */
    void say() {
        reading.ifPresent(known -> {
            switch (known.verdict()) {
                case KEPT -> draft.condition(Condition.WITHIN_LIMITS, Status.TRUE, known.reason(), known.message());
                case EXCEEDED ->
                    draft.condition(
                            Condition.WITHIN_LIMITS,
                            Status.FALSE,
                            known.reason(),
                            "it " + known.message() + (isSpent(known) ? "; " + spent() : ""));
                case UNDECIDED -> pass.before(Condition.WITHIN_LIMITS).ifPresent(draft::carry);
            }
        });
    }

    /**
     * Why it is to be restarted. Empty when it isn't: one that was restarted as often as it may be runs on, because it is of
     * more use than one that is down.
     */
    Optional<String> restart() {
        return reading.filter(known -> known.verdict() == Verdict.EXCEEDED && known.restart())
                .filter(known -> pass.spec.autoRestart() && !isSpent(known))
                .map(known -> "it " + known.message());
    }

    private boolean isSpent(LimitReading known) {
        return known.restart() && pass.spec.autoRestart() && run.failures() >= pass.spec.maxRestarts();
    }

    private String spent() {
        return "it runs on after " + run.failures() + " restarts in a row, which is all that maxRestarts allows";
    }

    /** May its earlier failures be forgotten? Not while it may be restarted for another excess soon: that would never end. */
    static boolean allowForgiving(RunFacts facts) {
        return facts.limits()
                .filter(known -> known.restart() && known.verdict() != Verdict.KEPT)
                .isEmpty();
    }
}
