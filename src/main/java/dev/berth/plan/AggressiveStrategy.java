package dev.berth.plan;

import dev.berth.model.DecisionKind;

/** Frees the port, gently first. What must not be ended is the guard's to know. */
final class AggressiveStrategy implements Strategy {
    static final String NAME = "aggressive";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Decision decide(Contest contest) {
        String holder = contest.holder().description();
        if (ContestPast.isOwn(contest)) {
            return new Decision(DecisionKind.RESTART, "its own stale process has the port: " + holder);
        }
        return new Decision(DecisionKind.TERMINATE, "held by " + holder + "; aggressive frees the port");
    }
}
