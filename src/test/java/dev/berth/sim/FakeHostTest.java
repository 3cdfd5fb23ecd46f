package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.PortHold;
import dev.berth.host.ProcessControl.Liveness;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.Blockage;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.sim.Program.Endpoint;
import dev.berth.sim.Program.OnTerm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The simulated machine behaves as the facts in docs and the seams' own promises say that a real one does. */
class FakeHostTest {
    private static final PortKey PORT = PortKey.tcp(8000);

    private final VirtualTime time = new VirtualTime();
    private final Machine machine = new Machine(time, new Chance(1));
    private final SimProcess shell = machine.start(Program.named("bash"), Users.DEV, machine.init);
    private final FakeHost host = new FakeHost(machine, BerthProcess.start(machine, shell, Users.DEV), Faults.none());

    private SimProcess server(Endpoint... on) {
        return machine.start(Program.named("server").listening(on), Users.DEV, shell);
    }

    private static Set<Long> inodes(SimProcess process) {
        return Set.copyOf(process.sockets.stream().map(socket -> socket.inode).toList());
    }

    @Test
    void showsEveryHolderOfASocketAndEverySocketOfAPort() throws Exception {
        SimProcess master = machine.start(
                Program.named("nginx")
                        .listening(Endpoint.tcp(8000), Endpoint.tcp("::1", 8000))
                        .withWorkers(2),
                Users.DEV,
                shell);

        List<Listener> seen = host.observer.inspect(PORT).on(PORT);

        assertThat(seen).extracting(Listener::address).containsExactly("127.0.0.1", "::1");
        assertThat(seen)
                .allSatisfy(listener -> assertThat(((Ownership.Held) listener.ownership()).holders())
                        .hasSize(3)
                        .contains(master.ref));
    }

    @Test
    void doesNotSayWhoHoldsASocketOfAnotherUser() throws Exception {
        machine.start(Program.named("server").listening(Endpoint.tcp(8000)), Users.EVE, machine.init);

        assertThat(host.observer.observe().on(PORT).get(0).ownership()).isInstanceOf(Ownership.Unseen.class);
    }

    @Test
    void neverSignalsTheNewcomerUnderAReusedPid() {
        SimProcess old = server(Endpoint.tcp(8000));
        SimProcess newcomer = machine.replaceUnderSamePid(old, Program.named("newcomer"), Users.DEV, true);

        assertThat(newcomer.pid()).isEqualTo(old.pid());
        assertThat(host.control.signal(old.ref, Set.of(), Signal.SIGKILL)).isInstanceOf(SignalResult.NotTheSame.class);
        assertThat(newcomer.alive()).isTrue();
    }

    @Test
    void refusesWhatTheSeamItselfProtects() {
        assertThat(host.control.signal(machine.init.ref, Set.of(), Signal.SIGTERM))
                .isEqualTo(new SignalResult.Protected("init"));
        assertThat(host.control.signal(shell.ref, Set.of(), Signal.SIGTERM))
                .isEqualTo(new SignalResult.Protected("ancestor"));
        assertThat(host.control.signal(host.berth.self().ref, Set.of(), Signal.SIGTERM))
                .isEqualTo(new SignalResult.Protected("self"));
        assertThat(host.control.signal(machine.kernelThread("kworker").ref, Set.of(), Signal.SIGTERM))
                .isEqualTo(new SignalResult.Protected("kernel-thread"));
    }

    @Test
    void aSignalNeedsTheSocketThatItWasMeantFor() {
        SimProcess server = server(Endpoint.tcp(8000));
        Set<Long> inodes = inodes(server);
        machine.network.closeAll(server);

        assertThat(host.control.signal(server.ref, inodes, Signal.SIGTERM))
                .isInstanceOf(SignalResult.NoLongerHolds.class);
    }

    @Test
    void tellsOnceWhenAProcessEndedAndThatItsSocketIsGone() {
        SimProcess server = server(Endpoint.tcp(8000));
        List<Object> told = new ArrayList<>();
        host.observer.onSocketGone(told::add);
        host.control.onExit(server.ref, () -> told.add(server));

        assertThat(host.control.signal(server.ref, inodes(server), Signal.SIGTERM))
                .isEqualTo(new SignalResult.Sent());
        assertThat(told).isEmpty();
        time.advance(Duration.ofSeconds(1));

        assertThat(told).containsExactly(server, PORT);
        assertThat(host.control.liveness(server.ref)).isEqualTo(Liveness.GONE);
    }

    @Test
    void aZombieIsGone() {
        SimProcess server = server(Endpoint.tcp(8000));
        machine.exit(server);

        assertThat(server.state).isEqualTo(SimProcess.State.ZOMBIE);
        assertThat(host.control.liveness(server.ref)).isEqualTo(Liveness.GONE);
        assertThat(host.observer.describe(server.ref)).isEmpty();
        assertThat(host.hold.tryBind(PORT, "127.0.0.1")).isEqualTo(PortHold.Bind.FREE);
    }

    @Test
    void aSupervisorStartsItsChildAgain() {
        Program child = Program.named("api").listening(Endpoint.tcp(8000));
        machine.start(Program.named("supervisord").supervising(child, Duration.ofMillis(500)), Users.DEV, machine.init);
        SimProcess first = machine.network.on(PORT).get(0).holders.get(0);

        host.control.signal(first.ref, inodes(first), Signal.SIGTERM);
        time.advance(Duration.ofMillis(100));
        assertThat(machine.network.on(PORT)).isEmpty();
        time.advance(Duration.ofMillis(500));

        SimProcess second = machine.network.on(PORT).get(0).holders.get(0);
        assertThat(second).isNotSameAs(first);
        assertThat(host.observer.describe(second.ref).orElseThrow().origin().respawner())
                .hasValueSatisfying(who -> assertThat(who).startsWith("supervisord"));
    }

    @Test
    void someIgnoreSigtermAndNobodySigkill() {
        SimProcess deaf = machine.start(
                Program.named("deaf").listening(Endpoint.tcp(8000)).onTerm(OnTerm.IGNORE, Duration.ZERO),
                Users.DEV,
                shell);

        host.control.signal(deaf.ref, inodes(deaf), Signal.SIGTERM);
        time.advance(Duration.ofMinutes(1));
        assertThat(deaf.alive()).isTrue();

        host.control.signal(deaf.ref, inodes(deaf), Signal.SIGKILL);
        assertThat(deaf.alive()).isFalse();
    }

    @Test
    void bindsAsTheKernelDoes() {
        server(Endpoint.tcp("127.0.0.1", 8000));
        server(new Endpoint(PORT.protocol(), "::", 8001, false, false));
        server(new Endpoint(PORT.protocol(), "::", 8002, true, false));

        assertThat(host.hold.tryBind(PORT, "0.0.0.0")).isEqualTo(PortHold.Bind.IN_USE);
        assertThat(host.hold.tryBind(PORT, "::1")).isEqualTo(PortHold.Bind.FREE);
        assertThat(host.hold.tryBind(PortKey.tcp(8001), "127.0.0.1")).isEqualTo(PortHold.Bind.IN_USE);
        assertThat(host.hold.tryBind(PortKey.tcp(8002), "127.0.0.1")).isEqualTo(PortHold.Bind.FREE);
        assertThat(host.hold.tryBind(PortKey.tcp(80), "127.0.0.1")).isEqualTo(PortHold.Bind.DENIED);
        assertThat(host.hold.tryBind(PORT, "192.0.2.1")).isEqualTo(PortHold.Bind.NO_SUCH_ADDRESS);
    }

    @Test
    void explainsAPortThatNobodyListensOn() throws Exception {
        machine.network.block(PORT, Blockage.Cause.OUTGOING_CONNECTION, Duration.ofSeconds(60));
        assertThat(host.hold.tryBind(PORT, "127.0.0.1")).isEqualTo(PortHold.Bind.IN_USE);
        assertThat(host.observer.explain(PORT).orElseThrow().cause()).isEqualTo(Blockage.Cause.OUTGOING_CONNECTION);

        time.advance(Duration.ofSeconds(61));
        assertThat(host.observer.explain(PORT)).isEmpty();
        assertThat(host.hold.tryBind(PORT, "127.0.0.1")).isEqualTo(PortHold.Bind.FREE);
    }

    @Test
    void aHoldBlocksUntilItIsClosedOrBerthDies() {
        assertThat(host.hold.hold(PORT)).isPresent();
        assertThat(host.hold.hold(PORT)).isEmpty();
        assertThat(host.hold.tryBind(PORT, "127.0.0.1")).isEqualTo(PortHold.Bind.IN_USE);

        host.close();
        assertThat(machine.network.on(PORT)).isEmpty();
    }
}
