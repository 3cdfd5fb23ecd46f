package dev.berth.control;

import dev.berth.host.HostObserver;
import dev.berth.host.ProcessControl;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.plan.Policy;
import dev.berth.plan.Protection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The last look before a signal: by the rules and settings of this moment, whatever was intended. A process that the rules
 * protect from every conflict is protected from its own service too, and so is one that Berth only adopted and that a unit or
 * a container owns, which would start it again. A port that the settings protect is so from others, not from the service that
 * has it.
 */
final class SafeSignals {
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

    /**
     * To a holder of the port.
     *
     * @param inodes of its sockets there, by which it has to prove itself
     */
    SignalResult send(ProcessRef process, Set<Long> inodes, PortKey port, Signal signal) {
        return observer.describe(process)
                .flatMap(facts -> rules.protection(facts, port, policy.get()))
                .<SignalResult>map(rule -> new SignalResult.Protected(rule.name()))
                .orElseGet(() -> processes.signal(process, inodes, signal));
    }

    /** To one of the service's own. */
    SignalResult send(ProcessRef process, Service service, Signal signal) {
        Optional<ProcessFacts> facts = observer.describe(process);
        if (facts.isEmpty()) {
            return new SignalResult.Gone();
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
