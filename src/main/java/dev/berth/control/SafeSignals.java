package dev.berth.control;

import dev.berth.host.HostObserver;
import dev.berth.host.ProcessControl;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.Eviction;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.User;
import dev.berth.plan.Policy;
import dev.berth.plan.Protection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The last look before a signal: by the rules and settings of this moment, whatever was intended. A process that the rules
 * protect from every conflict is protected from its own service too, and so is one that Berth only adopted and that a unit or
 * a container owns, which would start it again. A port that the settings protect is so from others, not from the service that
 * has it.
 */
final class SafeSignals {
    /** The rule by which nobody's process is ended on behalf of somebody else. */
    private static final String OTHER_USER = "other-user";

    private final HostObserver observer;
    private final ProcessControl processes;
    private final HolderRules rules;
    private final Supplier<Policy> policy;

    SafeSignals(HostObserver observer, ProcessControl processes, HolderRules rules, Supplier<Policy> policy) {
        this.observer = observer;
        this.processes = processes;
        this.rules = rules;
        this.policy = policy;
    }

    /** To a holder of the port, which has to prove itself by its sockets there. */
    SignalResult send(Eviction.Target target, PortKey port, Signal signal) {
        Optional<ProcessFacts> facts = observer.describe(target.process());
        if (facts.isPresent()
                && !target.uid().equals(OptionalLong.of(facts.get().user().uid()))) {
            return new SignalResult.Protected(OTHER_USER);
        }
        return facts.flatMap(known -> rules.protection(known, port, policy.get()))
                .<SignalResult>map(rule -> new SignalResult.Protected(rule.name()))
                .orElseGet(() -> processes.signal(target.process(), target.inodes(), signal));
    }

    /** To one of the service's own. */
    SignalResult send(ProcessRef process, Service service, Signal signal) {
        Optional<ProcessFacts> facts = observer.describe(process);
        if (facts.isEmpty()) {
            return new SignalResult.Gone();
        }
        User owner = service.metadata().owner();
        if (!owner.isRoot() && facts.get().user().uid() != owner.uid()) {
            // A Berth of root's could end what the service's owner could not, such as what sudo started.
            return new SignalResult.Protected(OTHER_USER);
        }
        HolderKind kind = facts.get().origin().kind();
        boolean adopted = service.status().runOrNone().launch().isEmpty();
        if (adopted && (kind == HolderKind.UNIT || kind == HolderKind.CONTAINER)) {
            return new SignalResult.Protected("owner");
        }
        Optional<Protection.Rule> rule = rules.protection(facts.get(), policy.get());
        return rule.<SignalResult>map(each -> new SignalResult.Protected(each.name()))
                .orElseGet(() -> processes.signal(process, Set.of(), signal));
    }
}
