package dev.berth.plan;

import dev.berth.model.Blockage;
import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.PortKey;
import dev.berth.model.ServiceState;
import dev.berth.plan.Action.Assignment;
import java.util.Optional;

/** Puts into words what is true of a service, the same words for the same facts in every pass. */
final class Conditions {
    private final Pass pass;
    private final Draft draft;

    Conditions(Pass pass, Draft draft) {
        this.pass = pass;
        this.draft = draft;
    }

    /** The reason word of a port that was given this way. */
    static String word(Assignment how) {
        return switch (how) {
            case PREFERRED -> "Preferred";
            case ALTERNATIVE -> "Alternative";
            case RANGE -> "Range";
            case DEFAULT_RANGE -> "DefaultRange";
            case WENT_HOME -> "WentHome";
            case ADOPTED -> "Adopted";
        };
    }

    void assigned(Assignment how, String message) {
        draft.condition(Condition.PORT_ASSIGNED, Status.TRUE, word(how), message);
    }

    /** The port is the one it had: what was said when it got it still holds. */
    void stillAssigned(PortKey seat) {
        Optional<Condition> before =
                pass.before(Condition.PORT_ASSIGNED).filter(known -> known.status() == Status.TRUE);
        Optional<PortKey> preferred = pass.spec.preferred();
        if (preferred.isPresent()
                && !preferred.equals(Optional.of(seat))
                && before.filter(Conditions::saysItIsPreferred).isPresent()) {
            assigned(
                    Assignment.ALTERNATIVE,
                    "it keeps port " + seat + ", which it had when it was declared to prefer "
                            + preferred.orElseThrow());
        } else if (preferred.equals(Optional.of(seat))
                && before.filter(Conditions::saysItIsAnother).isPresent()) {
            assigned(Assignment.PREFERRED, "port " + seat + ", which it had, is the one that it prefers now");
        } else if (before.isPresent()) {
            draft.carry(before.orElseThrow());
        } else if (preferred.equals(Optional.of(seat))) {
            assigned(Assignment.PREFERRED, seat + " is the port that it prefers");
        } else {
            assigned(Assignment.ALTERNATIVE, seat + " is the port that it has");
        }
    }

    /** That was true when it got the port; another declaration may prefer another one. */
    private static boolean saysItIsPreferred(Condition known) {
        return known.reason().equals(word(Assignment.PREFERRED))
                || known.reason().equals(word(Assignment.WENT_HOME));
    }

    private static boolean saysItIsAnother(Condition known) {
        return known.reason().equals(word(Assignment.ALTERNATIVE))
                || known.reason().equals(word(Assignment.RANGE))
                || known.reason().equals(word(Assignment.DEFAULT_RANGE));
    }

    /** It has no port, and nothing new is said about that. */
    void stillWithout(String message) {
        draft.condition(Condition.PORT_ASSIGNED, Status.FALSE, "NotAssigned", message);
        draft.condition(Condition.READY, Status.FALSE, "NoPort", message);
    }

    /** It has no port. */
    void unassigned(Status status, String reason, String message, ServiceState state) {
        draft.condition(Condition.PORT_ASSIGNED, status, reason, message);
        draft.condition(Condition.READY, Status.FALSE, "NoPort", "it has no port yet");
        draft.state(state);
    }

    /** It has a port, and nobody is on it. */
    void nobodyOn(PortKey seat) {
        draft.condition(
                Condition.READY,
                Status.FALSE,
                "NotRunning",
                pass.spec.isObserved()
                        ? "waiting for a holder: nothing listens on port " + seat
                        : "nothing of it listens on port " + seat);
        draft.state(ServiceState.PENDING);
        Blockage blockage = pass.situation.blockages().get(seat);
        if (blockage == null) {
            uncontested(seat);
        } else {
            draft.condition(
                    Condition.UNCONTESTED,
                    Status.FALSE,
                    "PortBlocked",
                    "nothing listens on port " + seat + ", but it can't be bound: " + blockage.explanation());
        }
    }

    /** Its own process is on its port. */
    void runningOn(PortKey seat, Standing.Own own) {
        draft.condition(
                Condition.READY,
                Status.TRUE,
                own.assumed() ? "HolderAssumed" : "HolderAdopted",
                own.assumed()
                        ? own.process() + " of the same user holds port " + seat + " and is taken for the service"
                        : own.process() + " holds port " + seat + " and is the service's own");
        draft.state(ServiceState.RUNNING);
        if (own.sharedWith().isEmpty()) {
            uncontested(seat);
        } else {
            draft.condition(
                    Condition.UNCONTESTED,
                    Status.FALSE,
                    "PortShared",
                    "port " + seat + " is also held by " + own.sharedWith().orElseThrow());
        }
    }

    private void uncontested(PortKey seat) {
        draft.condition(Condition.UNCONTESTED, Status.TRUE, "Uncontested", "nothing contests port " + seat);
    }

    /** Who is on its port can't be told at this moment. */
    void unclearOn(PortKey seat, String word, String why) {
        String message = "who holds port " + seat + " is not known: " + why;
        draft.condition(Condition.READY, Status.UNKNOWN, word, message);
        draft.condition(Condition.UNCONTESTED, Status.UNKNOWN, word, message);
        draft.state(pass.service.status().state());
    }

    /** Somebody else is on the port that it has. */
    void takenFrom(PortKey seat, String reason, String message, ServiceState state) {
        draft.condition(Condition.READY, Status.FALSE, "PortTaken", "port " + seat + " is held by somebody else");
        contested(reason, message);
        draft.state(state);
    }

    void contested(String reason, String message) {
        draft.condition(Condition.UNCONTESTED, Status.FALSE, reason, message);
    }

    void awaitsApproval(String message) {
        draft.condition(Condition.WAITING, Status.TRUE, "AwaitingApproval", message);
    }

    /** Whether its preferred port is there for it again, and what follows from that. */
    void home(PortKey home, PortKey seat, Status free, String reason, String message) {
        draft.condition(
                Condition.HOME_FREE,
                free,
                reason,
                message + "; " + Words.wayHome(pass.spec, home, seat, pass.policy.homeAfter()));
    }

    void notWanted(String message) {
        draft.condition(Condition.PORT_ASSIGNED, Status.FALSE, "NotWanted", message);
        draft.condition(Condition.READY, Status.FALSE, "NotWanted", message);
        draft.state(ServiceState.STOPPED);
    }
}
