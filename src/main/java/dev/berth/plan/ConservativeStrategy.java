package dev.berth.plan;

import dev.berth.model.DecisionKind;

/** Never touches what is not the service's own: moves the service instead. */
final class ConservativeStrategy implements Strategy {
    static final String NAME = "conservative";

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
        return new Decision(DecisionKind.MIGRATE, "held by " + holder + "; conservative never touches what is foreign");
    }
}
