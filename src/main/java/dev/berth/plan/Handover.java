package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.PortKey;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.util.Optional;

/** Waits for a port that another service leaves, and gives up the own one first where services exchange theirs. */
public final class Handover {
    /** The reason word while a port becomes free within moments. */
    public static final String FREEING = "Freeing";

    private static final Duration MEANWHILE = Duration.ofSeconds(1);

    private final Pass pass;
    private final Draft draft;
    private final Conditions conditions;
    private final Supervision supervision;

    Handover(Pass pass, Draft draft, Conditions conditions, Supervision supervision) {
        this.pass = pass;
        this.draft = draft;
        this.conditions = conditions;
        this.supervision = supervision;
    }

    /** It has no port, and the one that it prefers is free within moments. */
    void soon(PortKey port, String message) {
        draft.add(new Action.Wait(message));
        draft.lookAgainWithin(MEANWHILE);
        conditions.unassigned(Status.FALSE, FREEING, message, ServiceState.PENDING);
        conditions.contested(FREEING, message);
    }

    /** The reason word with which a service keeps its port that can't be restarted now; empty when it may move. */
    Optional<String> heldUp(PortKey seat, PortKey home) {
        return supervision
                .putOffMove(move(seat, home))
                .map(hindrance -> hindrance.lasting() ? Exchange.HELD_UP : Exchange.RESTART_WAITS);
    }

    /** Does what is said of the preferred port hold until somebody mends what keeps a service from being restarted? */
    public static boolean isLasting(Condition homeFree) {
        return homeFree.reason().equals(Exchange.HELD_UP) || homeFree.reason().equals(Exchange.OTHER_HELD_UP);
    }

    static String move(PortKey from, PortKey to) {
        return "it is to move from port " + from + " to " + to;
    }

    /**
     * Another service is about to leave the port that this one prefers.
     *
     * @return the reason word with which it waits for that on its own port; empty when it gives that up at once
     */
    Optional<String> await(PortKey home, PortKey seat, String why) {
        Optional<Exchange> exchange = pass.departures.exchange();
        Optional<String> heldUp = exchange.flatMap(each -> heldUp(seat, home));
        if (heldUp.isPresent()) {
            return heldUp;
        }
        boolean begins = exchange.filter(Exchange::begins).isPresent()
                && pass.openEviction(seat).isEmpty();
        if (!begins) {
            draft.add(new Action.Wait(why));
            String word = exchange.isPresent() ? Exchange.AGREED : FREEING;
            return Optional.of(pass.departures
                    .heldUp()
                    .map(other -> Exchange.OTHER_HELD_UP)
                    .orElse(word));
        }
        if (supervision.isAlive()) {
            supervision.giveWay(why);
            conditions.home(home, seat, Status.UNKNOWN, Exchange.AGREED, why);
        } else {
            draft.add(new Action.ReleasePort(seat, why));
            pass.openConflict(seat).ifPresent(conflict -> draft.close(seat, true, "the service left port " + seat));
            soon(home, why);
        }
        return Optional.empty();
    }
}
