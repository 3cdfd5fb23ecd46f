package dev.berth.plan;

import dev.berth.model.BoundedPattern.Match;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is never signalled, whoever asks and whatever the strategy. It errs towards protecting: a process that only bears
 * the name of something protected is protected, and so is one that a pattern could not be told of in time.
 */
public final class Protection {
    private static final long INIT = 1;

    private static final Set<String> CONTAINER_RUNTIMES = Set.of(
            "dockerd",
            "docker-proxy",
            "containerd",
            "podman",
            "conmon",
            "crio",
            "cri-dockerd",
            "kubelet",
            "buildkitd",
            "rootlessport",
            "rootlesskit",
            "slirp4netns",
            "pasta",
            "pasta.avx2",
            "runc",
            "crun",
            "lxd",
            "incusd",
            "com.docker.back");

    private final BerthIdentity berth;
    private final Policy policy;
    private final Patterns patterns;

    public Protection(BerthIdentity berth, Policy policy, Patterns patterns) {
        this.berth = berth;
        this.policy = policy;
        this.patterns = patterns;
    }

    /**
     * Why something is never signalled.
     *
     * @param name the rule, as refusals show it: {@code init}, {@code protect.processes}
     * @param explanation a sentence for people
     */
    public record Rule(String name, String explanation) {
        @Override
        public String toString() {
            return name + " (" + explanation + ")";
        }
    }

    /** The rule that protects this holder of the port; empty when none does. */
    public Optional<Rule> of(ProcessFacts process, PortKey port) {
        return of(process).or(() -> of(port));
    }

    /** The rule that protects whatever holds the port. */
    public Optional<Rule> of(PortKey port) {
        return policy.protectedPorts().contains(port.port())
                ? rule("protect.ports", "the settings protect whatever holds port " + port)
                : Optional.empty();
    }

    /** The rule that protects the process on any port. */
    public Optional<Rule> of(ProcessFacts process) {
        if (process.ref().pid() == INIT) {
            return rule("init", "pid 1 is the first process of the machine or container");
        }
        if (process.kernelThread()) {
            return rule("kernel-thread", process.ref() + " is a thread of the kernel");
        }
        if (process.ref().equals(berth.self())) {
            return rule("berth", process.ref() + " is Berth itself");
        }
        if (berth.ancestors().contains(process.ref())) {
            return rule("ancestor", "Berth runs under " + process.ref());
        }
        if (BerthIdentity.isBerth(process)) {
            return rule("berth", process.ref() + " is another Berth, with services of its own; \"berth down\" ends it");
        }
        if (isNamed(process, "sshd") || isNamed(process, "sshd-session") || isNamed(process, "sshd-auth")) {
            return rule("sshd", process.ref() + " lets people log in");
        }
        if (isContainerRuntime(process)) {
            return rule("container-runtime", process.ref() + " runs containers");
        }
        if (process.origin().kind() == HolderKind.SYSTEM) {
            return rule(
                    "system-service",
                    process.ref() + " belongs to the system"
                            + process.origin().note().map(note -> ": " + note).orElse(""));
        }
        return bySettings(process);
    }

    private Optional<Rule> bySettings(ProcessFacts process) {
        for (String pattern : policy.protectedProcesses()) {
            for (String text : List.of(process.searched(), process.comm())) {
                Match match = patterns.find(pattern, text);
                if (match == Match.FOUND) {
                    return rule("protect.processes", "the settings protect what matches \"" + pattern + "\"");
                }
                if (match == Match.GAVE_UP) {
                    return rule(
                            "protect.processes",
                            "whether it matches \"" + pattern + "\" could not be told in time; simplify the pattern");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isContainerRuntime(ProcessFacts process) {
        return CONTAINER_RUNTIMES.stream().anyMatch(name -> isNamed(process, name))
                || process.comm().startsWith("containerd-shim");
    }

    /** Either the kernel's short name or the program's file may tell. */
    private static boolean isNamed(ProcessFacts process, String name) {
        return process.comm().equals(name)
                || process.executable()
                        .filter(path ->
                                path.substring(path.lastIndexOf('/') + 1).equals(name))
                        .isPresent();
    }

    private static Optional<Rule> rule(String name, String explanation) {
        return Optional.of(new Rule(name, explanation));
    }
}
