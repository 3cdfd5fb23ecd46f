package dev.berth.plan;

import dev.berth.model.ServiceSpec;
import java.util.Map;
import java.util.Optional;

/** Asks the strategy that a service wants; one that is missing or goes wrong is replaced by the one that touches nothing. */
final class StrategyBook {
    /** A reason is a sentence; a strategy that answers a book is cut. */
    private static final int LONGEST_REASON = 2000;

    private final Map<String, Strategy> byName;
    private final Strategy fallback = new ConservativeStrategy();

    StrategyBook(Map<String, Strategy> byName) {
        this.byName = Map.copyOf(byName);
    }

    static String wantedName(ServiceSpec spec, Policy policy) {
        return spec.strategy().orElse(policy.strategy());
    }

    Strategy.Decision decide(String name, Contest contest) {
        Strategy strategy = byName.get(name);
        if (strategy == null) {
            return fallback("strategy \"" + name + "\" is not known here", contest);
        }
        try {
            Strategy.Decision decision = strategy.decide(contest);
            return isWhole(decision)
                    ? new Strategy.Decision(decision.kind(), oneLine(decision.reason()))
                    : fallback("strategy \"" + name + "\" gave no whole answer", contest);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // A user's jar: whatever goes wrong in it must not stop the loop, and must be told.
            return fallback("strategy \"" + name + "\" failed (" + oneLine(e.toString()) + ")", contest);
        }
    }

    private Strategy.Decision fallback(String why, Contest contest) {
        Strategy.Decision decision = fallback.decide(contest);
        return new Strategy.Decision(decision.kind(), why + ", so conservative decides: " + decision.reason());
    }

    // A jar compiled without null checks may well answer null.
    private static boolean isWhole(Strategy.Decision decision) {
        return Optional.ofNullable(decision)
                .filter(known -> Optional.ofNullable(known.kind()).isPresent()
                        && Optional.ofNullable(known.reason()).isPresent())
                .isPresent();
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON - 1) + "…";
    }
}
