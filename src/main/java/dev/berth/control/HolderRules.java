package dev.berth.control;

import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Service;
import dev.berth.plan.BerthIdentity;
import dev.berth.plan.Patterns;
import dev.berth.plan.Policy;
import dev.berth.plan.PortHolders;
import dev.berth.plan.Protection;
import java.util.Optional;

/** The planner's rules about single processes, asked again before anything is signalled. */
final class HolderRules {
    private final BerthIdentity berth;
    private final Patterns patterns = new Patterns();

    HolderRules(BerthIdentity berth) {
        this.berth = berth;
    }

    /** Names Berth's memory, as in its markers. */
    String installation() {
        return berth.installation();
    }

    Patterns patterns() {
        return patterns;
    }

    /** The rule that protects this holder of the port. */
    Optional<Protection.Rule> protection(ProcessFacts facts, PortKey port, Policy policy) {
        return new Protection(berth, policy, patterns).of(facts, port);
    }

    /** The rule that protects the process, wherever it listens. */
    Optional<Protection.Rule> protection(ProcessFacts facts, Policy policy) {
        return new Protection(berth, policy, patterns).of(facts);
    }

    /** What to call it when it is a Berth; empty when it is none. */
    Optional<String> berth(ProcessFacts facts) {
        if (facts.ref().equals(berth.self())) {
            return Optional.of("Berth itself");
        }
        return BerthIdentity.isBerth(facts) ? Optional.of("another Berth") : Optional.empty();
    }

    boolean isOwn(Service service, ProcessFacts facts) {
        return PortHolders.isOwn(service, facts, patterns, berth.installation());
    }
}
