package dev.berth.plan;

import static dev.berth.plan.World.ANN;
import static dev.berth.plan.World.process;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProtectionTest {
    private static final PortKey PORT = PortKey.tcp(8000);

    private static String rule(ProcessFacts process, Policy policy) {
        BerthIdentity berth =
                new BerthIdentity(World.BERTH, ANN, List.of(World.SHELL, World.INIT), World.INSTALLATION, World.NOW);
        return new Protection(berth, policy, new Patterns())
                .of(process, PORT)
                .map(Protection.Rule::name)
                .orElse("none");
    }

    private static String rule(ProcessFacts process) {
        return rule(process, Policy.defaults());
    }

    @Test
    void namesTheRule() {
        assertThat(rule(process(1, ANN, "tini"))).isEqualTo("init");
        assertThat(rule(at(process(500, ANN, "java"), World.BERTH))).isEqualTo("berth");
        assertThat(rule(at(process(400, ANN, "bash"), World.SHELL))).isEqualTo("ancestor");
        assertThat(rule(process(77, ANN, "systemd-resolved", Origin.of(HolderKind.SYSTEM))))
                .isEqualTo("system-service");
        assertThat(rule(process(77, ANN, "sshd"))).isEqualTo("sshd");
        assertThat(rule(process(77, ANN, "dockerd"))).isEqualTo("container-runtime");
        assertThat(rule(process(77, ANN, "containerd-shim-runc-v2"))).isEqualTo("container-runtime");
        assertThat(rule(process(77, ANN, "python3 -m http.server"))).isEqualTo("none");
    }

    @Test
    void thePidOfBerthIsNotItsIdentity() {
        ProcessRef later = new ProcessRef(World.BERTH.pid(), World.BERTH.startTicks() + 1, World.BOOT);
        assertThat(rule(at(process(7, ANN, "node"), later))).isEqualTo("none");
    }

    @Test
    void anotherBerthIsKnownByItsName() {
        assertThat(rule(running(process(77, ANN, "berth"), Optional.of("/usr/lib/jvm/java-17/bin/java"))))
                .isEqualTo("berth");
        assertThat(rule(running(process(77, ANN, "berth"), Optional.of("/usr/lib/jvm/java-17/bin/java (deleted)"))))
                .as("after an update of the JDK")
                .isEqualTo("berth");
        assertThat(rule(running(process(77, ANN, "berth"), Optional.empty()))).isEqualTo("berth");
        assertThat(rule(running(process(77, ANN, "berth"), Optional.of("/home/ann/harbour/bin/berth"))))
                .as("somebody's own program of that name")
                .isEqualTo("none");
    }

    @Test
    void settingsProtectProcessesAndPorts() {
        Policy policy = Policies.with(each -> each.protectedProcesses = List.of("postgres", "(a+)+\\1b"));
        assertThat(rule(process(77, ANN, "postgres -D /data"), policy)).isEqualTo("protect.processes");
        assertThat(rule(process(77, ANN, "node"), policy)).isEqualTo("none");
        assertThat(rule(process(77, ANN, "a".repeat(60)), policy))
                .as("what a pattern could not tell in time is protected")
                .isEqualTo("protect.processes");
        assertThat(rule(process(77, ANN, "node"), Policies.with(each -> each.protectedPorts = Set.of(8000))))
                .isEqualTo("protect.ports");
    }

    private static ProcessFacts at(ProcessFacts process, ProcessRef ref) {
        return with(process, ref, process.executable());
    }

    private static ProcessFacts running(ProcessFacts process, Optional<String> executable) {
        return with(process, process.ref(), executable);
    }

    private static ProcessFacts with(ProcessFacts process, ProcessRef ref, Optional<String> executable) {
        return new ProcessFacts(
                ref,
                process.user(),
                process.comm(),
                process.commandLine(),
                executable,
                process.workingDirectory(),
                process.startedAt(),
                process.processGroup(),
                process.session(),
                process.ancestors(),
                process.kernelThread(),
                process.marker(),
                process.origin());
    }
}
