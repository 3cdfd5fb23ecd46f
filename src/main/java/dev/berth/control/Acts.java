package dev.berth.control;

import dev.berth.host.SignalResult;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Signals between their intent and their outcome, by act. The store holds the intent; here stands what only this process
 * can know: whether it has sent the signal yet, and what came back. An intent that the store has and this doesn't is from
 * before an interruption.
 */
final class Acts {
    /** How far an act has come in this process. */
    sealed interface Progress {
        /** The intent is stored, nothing was sent. */
        record Intended() implements Progress {}

        /** It was sent, or refused; the outcome is not stored yet. */
        record Answered(SignalResult result) implements Progress {}
    }

    // Guarded by this.
    private final Map<String, Progress> acts = new HashMap<>();

    /** The intents' commit has returned. */
    synchronized void intended(Iterable<String> ids) {
        ids.forEach(id -> acts.put(id, new Progress.Intended()));
    }

    synchronized Optional<Progress> progress(String act) {
        return Optional.ofNullable(acts.get(act));
    }

    /** Takes the right to send: true once per intended act. Until {@link #answered} the act counts as interrupted. */
    synchronized boolean begin(String act) {
        if (acts.get(act) instanceof Progress.Intended) {
            acts.remove(act);
            return true;
        }
        return false;
    }

    synchronized void answered(String act, SignalResult result) {
        acts.put(act, new Progress.Answered(result));
    }

    /** The outcome is stored. */
    synchronized void closed(Iterable<String> ids) {
        ids.forEach(acts::remove);
    }
}
