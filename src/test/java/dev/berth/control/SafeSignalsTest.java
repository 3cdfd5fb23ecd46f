package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.ProcessControl;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.Eviction;
import dev.berth.model.HolderKind;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Metadata;
import dev.berth.model.Origin;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceStatus;
import dev.berth.model.User;
import dev.berth.plan.BerthIdentity;
import dev.berth.plan.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Berth of root's, which could end anything: what it doesn't signal, though it was decided and stored. */
class SafeSignalsTest {
    private static final PortKey PORT = PortKey.tcp(8000);
    private static final ProcessRef BERTH = new ProcessRef(10, 1, "boot");
    private static final ProcessRef PROCESS = new ProcessRef(4711, 99, "boot");
    private static final User ROOT = User.of(0, "root");
    private static final User ANN = User.of(1001, "ann");

    private final List<ProcessRef> signalled = new ArrayList<>();
    private Optional<ProcessFacts> facts = Optional.empty();
    private final SafeSignals signals = new SafeSignals(
            new Described(),
            new Recording(),
            new HolderRules(new BerthIdentity(BERTH, ROOT, List.of(), "test", Instant.EPOCH)),
            Policy::defaults);

    private void is(User user, String comm, HolderKind kind) {
        facts = Optional.of(new ProcessFacts(
                PROCESS,
                user,
                comm,
                List.of(comm),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                PROCESS.pid(),
                PROCESS.pid(),
                List.of(),
                false,
                Optional.empty(),
                new Origin(
                        kind,
                        kind == HolderKind.UNIT ? Optional.of("web.service") : Optional.empty(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())));
    }

    private static Eviction.Target holderOf(long uid) {
        return new Eviction.Target(
                PROCESS,
                "server",
                Optional.empty(),
                Optional.empty(),
                Set.of(1L),
                List.of(),
                Optional.empty(),
                false,
                OptionalLong.of(uid));
    }

    private static Service serviceOf(User owner) {
        return new Service(
                new Metadata(
                        "ann", "web", "u", Map.of(), Map.of(), owner, List.of(), 1, 1, Instant.EPOCH, Optional.empty()),
                ServiceSpec.builder().build(),
                ServiceStatus.unseen());
    }

    private void assertProtected(SignalResult result, String rule) {
        assertThat(result).isEqualTo(new SignalResult.Protected(rule));
        assertThat(signalled).isEmpty();
    }

    /** It was judged as one user's when the intent was stored, and is another's now: a program that changes its user. */
    @Test
    void aHolderThatBecameAnotherUsersIsLeftAlone() {
        is(ROOT, "server", HolderKind.FOREIGN);
        assertProtected(signals.send(holderOf(ANN.uid()), PORT, Signal.SIGKILL), "other-user");
    }

    @Test
    void aHolderOfWhichTheUserWasNotNotedIsLeftAlone() {
        is(ANN, "server", HolderKind.FOREIGN);
        Eviction.Target noted = holderOf(ANN.uid());
        Eviction.Target unknown = new Eviction.Target(
                noted.process(),
                noted.command(),
                noted.parent(),
                noted.respawner(),
                noted.inodes(),
                noted.signals(),
                noted.openAct(),
                noted.gone(),
                OptionalLong.empty());
        assertProtected(signals.send(unknown, PORT, Signal.SIGTERM), "other-user");
    }

    @Test
    void aHolderThatTheRulesProtectByNowIsLeftAlone() {
        is(ANN, "sshd", HolderKind.FOREIGN);
        assertProtected(signals.send(holderOf(ANN.uid()), PORT, Signal.SIGTERM), "sshd");
    }

    @Test
    void theHolderThatWasMeantIsSignalledOnce() {
        is(ANN, "server", HolderKind.FOREIGN);
        assertThat(signals.send(holderOf(ANN.uid()), PORT, Signal.SIGTERM)).isInstanceOf(SignalResult.Sent.class);
        assertThat(signalled).containsExactly(PROCESS);
    }

    /** What sudo started in Ann's service is root's; ending it is not Ann's to ask for. */
    @ParameterizedTest
    @CsvSource({"1001, 0, false", "1001, 1002, false", "1001, 1001, true", "0, 1001, true", "0, 0, true"})
    void aStopEndsOnlyWhatTheServicesOwnerCouldEnd(long owner, long process, boolean sent) {
        is(User.of(process, "somebody"), "server", HolderKind.FOREIGN);
        SignalResult result = signals.send(PROCESS, serviceOf(User.of(owner, "owner")), Signal.SIGTERM);
        if (sent) {
            assertThat(result).isInstanceOf(SignalResult.Sent.class);
        } else {
            assertProtected(result, "other-user");
        }
    }

    @Test
    void whatWasOnlyAdoptedAndAUnitOwnsIsNotEndedFromBelow() {
        is(ANN, "server", HolderKind.UNIT);
        assertProtected(signals.send(PROCESS, serviceOf(ANN), Signal.SIGTERM), "owner");
    }

    @Test
    void whatIsGoneIsNotSignalled() {
        assertThat(signals.send(PROCESS, serviceOf(ANN), Signal.SIGTERM)).isInstanceOf(SignalResult.Gone.class);
        assertThat(signalled).isEmpty();
    }

    private final class Described extends QuietObserver {
        @Override
        public String name() {
            return "described";
        }

        @Override
        public HostSnapshot observe() {
            throw new AssertionError("the last look is at the process alone");
        }

        @Override
        public Optional<ProcessFacts> describe(ProcessRef process) {
            return facts;
        }
    }

    private final class Recording implements ProcessControl {
        @Override
        public SignalResult signal(ProcessRef process, Set<Long> inodes, Signal signal) {
            signalled.add(process);
            return new SignalResult.Sent();
        }

        @Override
        public Liveness liveness(ProcessRef process) {
            return Liveness.ALIVE;
        }

        @Override
        public Watch onExit(ProcessRef process, Runnable callback) {
            throw new AssertionError("nobody is watched");
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
