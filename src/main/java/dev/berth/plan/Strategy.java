package dev.berth.plan;

import dev.berth.model.DecisionKind;

/**
 * Decides how one contest is settled. Implementations are stateless and quick; users' own come as jars found with
 * {@code ServiceLoader} and are chosen by {@link #name}. Whatever one answers, the guard keeps the safety rules.
 */
public interface Strategy {
    /** The word by which declarations and settings name it. */
    String name();

    /** Decides from what is known; the reason is shown to people. */
    Decision decide(Contest contest);

    /** @param reason a sentence that names the facts that weighed */
    record Decision(DecisionKind kind, String reason) {}
}
