package dev.berth.api;

import dev.berth.model.Condition;
import java.util.Set;

/**
 * Which conditions of a service are told to everybody word for word. The words of the others may quote what only its owner
 * and administrators may read: the last lines that the program wrote, what its health command printed, the address of its
 * check with a token in it. What is not listed here is withheld, so that a condition that is new is safe.
 */
final class OpenWords {
    /** About ports and counts: in Berth's own words whatever their reason, with nothing but what the port and conflict lists say. */
    private static final Set<String> TYPES = Set.of(
            Condition.PORT_ASSIGNED,
            Condition.UNCONTESTED,
            Condition.HOME_FREE,
            Condition.PORT_DRIFTED,
            Condition.REPLICAS_READY,
            Condition.WITHIN_LIMITS);

    /** Of the other types, those that are given with a fixed sentence and at most a port, a process or a name in it. */
    private static final Set<String> REASONS = Set.of(
            "Allocating",
            "AwaitingApproval",
            "BerthStops",
            "HolderAdopted",
            "HolderAssumed",
            "Installing",
            "Listening",
            "NoPort",
            "NotListening",
            "NotWanted",
            "PortDrifted",
            "PortTaken",
            "ProcessStarted",
            "ProcessUnseen",
            "Restarting");

    private OpenWords() {}

    private static boolean areIn(Condition condition) {
        return TYPES.contains(condition.type()) || REASONS.contains(condition.reason());
    }

    /**
     * The message for a reader; in the place of a withheld one, that it is.
     *
     * @param full whether the reader may see what the service is told and what it wrote
     */
    static String message(Condition condition, boolean full) {
        return full || areIn(condition) ? condition.message() : ServiceView.WITHHELD;
    }

    /** The same for a line that does not have the reason beside it. */
    static String sentence(Condition condition, boolean full) {
        return full || areIn(condition) ? condition.message() : condition.reason() + " " + ServiceView.WITHHELD;
    }
}
