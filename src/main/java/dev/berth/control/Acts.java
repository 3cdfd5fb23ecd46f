package dev.berth.control;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Signals and starts between their intent and their outcome, by act. The store holds the intent; here stands what only this process
 * can know: whether it has done it yet, and what came back. An intent that the store has and this doesn't is from
 * before an interruption.
 */
final class Acts<R> {
    /** How far an act has come in this process. */
    sealed interface Progress<R> {
        /** The intent is stored, or about to be; nothing was done. */
        record Intended<R>() implements Progress<R> {}

        /** It was done, or refused; the outcome is not stored yet. */
        record Answered<R>(R result) implements Progress<R> {}
    }

    // Guarded by this.
    private final Map<String, Progress<R>> acts = new HashMap<>();

    /**
     * Nothing was done about them yet. Told before the intents' commit: who carries them out may see them before the commit has
     * returned here. {@link #closed} takes them back when the commit failed.
     */
    synchronized void intended(Iterable<String> ids) {
        ids.forEach(id -> acts.put(id, new Progress.Intended<>()));
    }

    /** What came back, as long as it is not stored. */
    synchronized Optional<R> answer(String act) {
        return acts.get(act) instanceof Progress.Answered<R> answered
                ? Optional.of(answered.result())
                : Optional.empty();
    }

    /** Takes the right to do it: true once per intended act. Until {@link #answered} the act counts as interrupted. */
    synchronized boolean begin(String act) {
        if (acts.get(act) instanceof Progress.Intended) {
            acts.remove(act);
            return true;
        }
        return false;
    }

    synchronized void answered(String act, R result) {
        acts.put(act, new Progress.Answered<>(result));
    }

    /** The outcome is stored. */
    synchronized void closed(Iterable<String> ids) {
        ids.forEach(acts::remove);
    }
}
