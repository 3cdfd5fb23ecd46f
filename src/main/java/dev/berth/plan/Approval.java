package dev.berth.plan;

import dev.berth.model.Conflict;
import dev.berth.model.ConflictAction;
import dev.berth.model.ConflictHolder;
import dev.berth.model.DecisionKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a conflict's record says about a person's approval. An approval is for the decision and the holder that were shown: it
 * is void when either changed. A question that nobody answers expires.
 */
public final class Approval {
    /** The words of the conflict's actions; clients see them. */
    public static final String ASKED = "ApprovalAsked";

    public static final String GIVEN = "Approve";
    public static final String VOID = "ApprovalVoid";
    public static final String EXPIRED = "ApprovalExpired";

    private static final Set<String> WORDS = Set.of(ASKED, GIVEN, VOID, EXPIRED);

    private Approval() {}

    /** How it stands now. */
    enum State {
        /** Nobody was asked about this decision and this holder. */
        UNASKED,
        ASKED,
        GIVEN,
        EXPIRED
    }

    /** What becomes of the last question or answer when a conflict is decided anew. */
    public enum Lapse {
        NONE,
        /** It was given for something else. */
        VOID,
        EXPIRED
    }

    static State of(Conflict conflict, DecisionKind wanted, ConflictHolder holder, Instant now, Duration ttl) {
        Optional<ConflictAction> last = last(conflict);
        if (last.isEmpty() || !isSameHolder(conflict.holder(), holder)) {
            return State.UNASKED;
        }
        String word = last.orElseThrow().action();
        if (word.equals(EXPIRED)) {
            // The decision that followed is not the one that was asked for.
            return State.EXPIRED;
        }
        if (conflict.decision() != wanted || word.equals(VOID)) {
            return State.UNASKED;
        }
        if (word.equals(GIVEN)) {
            return State.GIVEN;
        }
        return isOver(last.orElseThrow(), now, ttl) ? State.EXPIRED : State.ASKED;
    }

    /** What to write down about the last question or answer before the conflict is decided as ruled. */
    static Lapse lapse(Conflict conflict, Guard.Ruling ruling, Instant now, Duration ttl) {
        Optional<ConflictAction> last = last(conflict);
        if (last.filter(action -> action.action().equals(GIVEN)).isPresent()) {
            return Lapse.VOID;
        }
        boolean over = last.filter(action -> action.action().equals(ASKED) && isOver(action, now, ttl))
                .isPresent();
        return over && !ruling.needsApproval() ? Lapse.EXPIRED : Lapse.NONE;
    }

    /** How long the question stands yet. */
    static Duration left(Conflict conflict, Instant now, Duration ttl) {
        Duration left = last(conflict)
                .map(asked -> Duration.between(now, asked.at().plus(ttl)))
                .orElse(ttl);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static boolean isOver(ConflictAction asked, Instant now, Duration ttl) {
        return !now.isBefore(asked.at().plus(ttl));
    }

    private static Optional<ConflictAction> last(Conflict conflict) {
        return conflict.actions().stream()
                .filter(action -> WORDS.contains(action.action()))
                .reduce((first, second) -> second);
    }

    /** The very same process; where none is seen, the same words. */
    private static boolean isSameHolder(ConflictHolder shown, ConflictHolder now) {
        return shown.process().equals(now.process())
                && (shown.process().isPresent() || shown.description().equals(now.description()));
    }
}
