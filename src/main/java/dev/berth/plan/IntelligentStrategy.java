package dev.berth.plan;

import dev.berth.model.DecisionKind;
import dev.berth.model.HolderKind;
import dev.berth.model.ProcessFacts;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Weighs who holds the port, whose that is, whether it would come back, how critical the service is, what worked before
 * and whether there is somewhere else to go. The first argument that settles it is the reason.
 */
final class IntelligentStrategy implements Strategy {
    static final String NAME = "intelligent";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Decision decide(Contest contest) {
        String held = "held by " + contest.holder().description();
        if (ContestPast.isOwn(contest)) {
            return new Decision(
                    DecisionKind.RESTART,
                    "its own stale process has the port: " + contest.holder().description());
        }
        Optional<String> whyNot = whyLeaveAlone(contest);
        if (whyNot.isPresent()) {
            return new Decision(DecisionKind.MIGRATE, held + "; " + whyNot.orElseThrow());
        }
        Optional<String> why = whyEnd(contest);
        if (why.isPresent()) {
            return new Decision(DecisionKind.TERMINATE, held + "; " + why.orElseThrow());
        }
        return new Decision(
                DecisionKind.MIGRATE,
                held + "; " + session(contest).orElse("it may be in use")
                        + ", the service is not critical and can move to "
                        + contest.alternative().map(Object::toString).orElse("another port"));
    }

    private static Optional<String> whyLeaveAlone(Contest contest) {
        HolderKind kind = contest.holder().kind();
        if (kind == HolderKind.KERNEL
                || kind == HolderKind.UNKNOWN
                || contest.facts().isEmpty()) {
            return Optional.of("nobody can be ended for it");
        }
        if (contest.protection().isPresent()) {
            return Optional.of("protected: " + contest.protection().orElseThrow());
        }
        if (!contest.sameUser()) {
            return Optional.of("that is another user's process");
        }
        if (contest.cameBack().isPresent()) {
            return Optional.of(
                    "it came back when it was ended, " + contest.cameBack().orElseThrow());
        }
        if (contest.holder().service().isPresent()) {
            return Optional.of("that is a declared service itself");
        }
        if (contest.holder().respawner().isPresent()) {
            return Optional.of(
                    "ending it would not help: " + contest.holder().respawner().orElseThrow() + " restarts it");
        }
        if (kind == HolderKind.SUPERVISED) {
            return Optional.of("ending it would not help: its supervisor restarts it");
        }
        boolean owned = kind == HolderKind.UNIT || kind == HolderKind.CONTAINER;
        if (owned && !(contest.policy().stopOwners() && contest.service().spec().critical())) {
            return Optional.of("it belongs to a " + kind.name().toLowerCase(Locale.ROOT)
                    + ", which would have to be stopped as a whole");
        }
        return Optional.empty();
    }

    private static Optional<String> whyEnd(Contest contest) {
        if (contest.service().spec().critical()) {
            return Optional.of("the service is critical and the holder is the same user's");
        }
        if (contest.alternative().isEmpty()) {
            return Optional.of("the holder is the same user's and the service has no other port to go to");
        }
        if (isOrphan(contest)) {
            return Optional.of("a leftover of the same user: what started it has ended");
        }
        return workedBefore(contest)
                ? Optional.of("ending the same command freed the port before, and it stayed away")
                : Optional.empty();
    }

    private static boolean isOrphan(Contest contest) {
        Optional<ProcessFacts> facts = contest.facts();
        return session(contest).isEmpty()
                && (facts.flatMap(process -> process.origin().note())
                                .filter(note -> note.contains("orphan"))
                                .isPresent()
                        || facts.filter(process -> process.ancestors().size() == 1
                                        && process.ancestors().get(0).ref().pid() == 1)
                                .isPresent());
    }

    /** Somebody may be working with it: started from an editor, a terminal or a script that still runs. */
    private static Optional<String> session(Contest contest) {
        return contest.facts()
                .flatMap(process -> process.origin().note())
                .filter(Predicate.not(note -> note.contains("orphan")))
                .map(note -> "somebody's live session (" + note + ")");
    }

    private static boolean workedBefore(Contest contest) {
        return contest.history().stream()
                .filter(past -> contest.holder()
                        .command()
                        .filter(past.command()::equals)
                        .isPresent())
                .findFirst()
                .filter(past -> past.cameBack().isEmpty())
                .isPresent();
    }
}
