package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.ConflictHolder;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.ReturnHome;
import dev.berth.plan.Action.Assignment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Watches the preferred port of a service that sits on another one, and brings it home when that may be. */
final class Homing {
    /** The same while the search goes on and after it was given up, so that this does not make the status waver. */
    private static final String UNKNOWN = "somebody who could not be seen";

    private final Pass pass;
    private final Draft draft;
    private final Conditions conditions;
    private final Supervision supervision;

    Homing(Pass pass, Draft draft, Conditions conditions, Supervision supervision) {
        this.pass = pass;
        this.draft = draft;
        this.conditions = conditions;
        this.supervision = supervision;
    }

    /** Looks whether it is time to go home. True when the service leaves the port for it. */
    boolean consider(PortKey seat, Standing here, SeatedPass mover) {
        Optional<PortKey> home = pass.spec.preferred().filter(preferred -> !preferred.equals(seat));
        if (home.isEmpty()) {
            return false;
        }
        PortKey preferred = home.orElseThrow();
        Standing there = pass.judge.wanting(preferred);
        if (!isFree(preferred, there) || !mayLeave(seat, here)) {
            say(preferred, seat, there);
            return false;
        }
        // About to be started: that is the restart with which it goes home.
        boolean atOnce = supervision.applies() && !supervision.isAlive();
        Instant due = atOnce ? pass.now : freeSince().plus(pass.policy.homeAfter());
        if (due.isAfter(pass.now)) {
            say(preferred, seat, there);
            draft.lookAgainWithin(Duration.between(pass.now, due));
            return false;
        }
        if (supervision.putOffMove("it is to go home to port " + preferred).isPresent()) {
            say(preferred, seat, there);
            return false;
        }
        draft.dropCondition(Condition.HOME_FREE);
        mover.moveTo(
                preferred,
                Assignment.WENT_HOME,
                atOnce
                        ? "port " + preferred + ", which it prefers, is free again"
                        : "port " + preferred + " had been free for " + Words.duration(pass.policy.homeAfter())
                                + (supervision.isAlive() ? "" : " and nothing of the service ran on " + seat),
                Optional.empty());
        return true;
    }

    private boolean mayLeave(PortKey seat, Standing here) {
        if (pass.spec.returnHome() == ReturnHome.NEVER
                || pass.openConflict(seat).isPresent()
                || pass.openEviction(seat).isPresent()) {
            return false;
        }
        return supervision.isAlive() ? pass.spec.returnHome() == ReturnHome.WHEN_FREE : here instanceof Standing.Free;
    }

    /** Says how the preferred port stands, for a service that has just been given another. */
    void describe(PortKey seat) {
        pass.spec
                .preferred()
                .filter(preferred -> !preferred.equals(seat))
                .ifPresent(preferred -> say(preferred, seat, pass.judge.wanting(preferred)));
    }

    private boolean isFree(PortKey home, Standing there) {
        return there instanceof Standing.Free && pass.openEviction(home).isEmpty();
    }

    private Instant freeSince() {
        return pass.before(Condition.HOME_FREE)
                .filter(known -> known.status() == Status.TRUE)
                .map(Condition::lastTransitionTime)
                .orElse(pass.now);
    }

    private void say(PortKey home, PortKey seat, Standing there) {
        if (isFree(home, there)) {
            conditions.home(home, seat, Status.TRUE, "Free", "port " + home + " is free");
        } else if (there instanceof Standing.Claimed claimed) {
            conditions.home(home, seat, Status.FALSE, "Claimed", claimed.why());
        } else if (there instanceof Standing.Taken taken) {
            conditions.home(home, seat, Status.FALSE, "Held", "port " + home + " is held by " + who(taken.holder()));
        } else if (there instanceof Standing.Own own) {
            conditions.home(
                    home, seat, Status.FALSE, "OwnProcess", own.process() + ", its own as well, holds port " + home);
        } else if (there instanceof Standing.Unclear) {
            conditions.home(home, seat, Status.FALSE, "Held", "port " + home + " is held by " + UNKNOWN);
        } else {
            conditions.home(home, seat, Status.FALSE, "Freeing", "port " + home + " is being freed");
        }
    }

    private static String who(ConflictHolder holder) {
        return holder.kind() == HolderKind.UNKNOWN ? UNKNOWN : holder.description();
    }
}
