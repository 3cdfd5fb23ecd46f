package dev.berth.control;

import dev.berth.model.HolderKind;
import dev.berth.model.Listener;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Service;
import dev.berth.plan.BerthIdentity;
import dev.berth.plan.Policy;
import java.util.Optional;
import java.util.regex.Pattern;

/** Stand-in until the planner's rules land. */
final class HolderRules {
    private HolderRules() {}

    static boolean collides(Listener listener, String host) {
        boolean dualWildcard = listener.address().equals("::") && listener.dualStack();
        if (host.equals("::") || listener.address().equals(host)) {
            return true;
        }
        if (host.indexOf(':') >= 0) {
            return listener.address().equals("::");
        }
        if (host.equals("0.0.0.0")) {
            return !listener.isIpv6() || dualWildcard;
        }
        return listener.address().equals("0.0.0.0") || dualWildcard;
    }

    static boolean isOwn(Service service, ProcessFacts facts) {
        if (facts.marker().filter(service.key().toString()::equals).isPresent()) {
            return true;
        }
        return facts.user().uid() == service.metadata().owner().uid()
                && service.spec().processPatterns().stream()
                        .anyMatch(pattern -> Pattern.compile(pattern)
                                .matcher(facts.command())
                                .find());
    }

    static Optional<String> protection(ProcessFacts facts, PortKey port, Policy policy, BerthIdentity berth) {
        if (facts.ref().pid() == 1) {
            return Optional.of("init");
        }
        if (facts.kernelThread()) {
            return Optional.of("kernel-thread");
        }
        if (facts.ref().equals(berth.self())) {
            return Optional.of("berth");
        }
        if (berth.ancestors().contains(facts.ref())) {
            return Optional.of("ancestor");
        }
        if (facts.origin().kind() == HolderKind.SYSTEM) {
            return Optional.of("system-service");
        }
        if (policy.protectedPorts().contains(port.port())) {
            return Optional.of("protect.ports");
        }
        return Optional.empty();
    }
}
