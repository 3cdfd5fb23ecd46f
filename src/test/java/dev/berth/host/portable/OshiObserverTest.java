package dev.berth.host.portable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.HostObserver;
import dev.berth.host.HostObserverContract;
import dev.berth.host.Neighbour;
import dev.berth.model.Blockage;
import dev.berth.model.HolderKind;
import dev.berth.model.Listener;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Protocol;
import dev.berth.testing.Children;
import dev.berth.testing.Sockets;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OshiObserverTest extends HostObserverContract {
    @Override
    protected HostObserver open() {
        return new OshiObserver(new PortablePortHold(), InstantSource.system());
    }

    @Override
    protected Set<Ability> abilities() {
        return Set.of(Ability.EVERY_SOCKET_OF_A_PORT, Ability.TELLS_DUAL_STACK);
    }

    @Test
    void aSocketKeepsItsCookieWhileItLives() throws Exception {
        HostObserver observer = observer();
        ServerSocket server = keep(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
        PortKey port = PortKey.tcp(server.getLocalPort());

        List<Listener> first = observer.observe().on(port);

        assertThat(observer.observe().on(port)).isEqualTo(first).hasSize(1);
        assertThat(observer.inspect(port).listeners()).isEqualTo(first);
    }

    @Test
    void saysWhatItCannotSee() throws Exception {
        assertThat(observer().observe().completeness().gaps()).isNotEmpty();
    }

    @Test
    void aProcessIsDescribed() throws Exception {
        try (Children children = new Children()) {
            HostObserver observer = observer();
            Process child = children.start(Children.IDLE, Map.of("BERTH_SERVICE", "default/backend"));
            ProcessFacts facts = observer.describe(
                            observer.identify(child.pid()).orElseThrow())
                    .orElseThrow();
            while (!facts.comm().equals("sleep")) {
                Thread.onSpinWait();
                facts = observer.describe(facts.ref()).orElseThrow();
            }

            assertThat(facts.commandLine()).isEqualTo(Children.IDLE);
            assertThat(facts.user().name()).hasValue(System.getProperty("user.name"));
            assertThat(facts.descendsFrom(
                            observer.identify(ProcessHandle.current().pid()).orElseThrow()))
                    .isTrue();
            assertThat(facts.marker()).hasValue("default/backend");
            assertThat(facts.origin().kind()).isEqualTo(HolderKind.MANAGED);
        }
    }

    @Test
    void aFreePortIsNotExplainedAndAHeldOneIsNotExplainedAway() throws Exception {
        HostObserver observer = observer();
        assertThat(observer.explain(PortKey.tcp(Sockets.freeTcpPort()))).isEmpty();
        Neighbour holder = python("s = sock(listen=False, reuse=False); say(port(s)); end()");
        PortKey port = PortKey.tcp(holder.hearPort());

        Blockage why = observer.explain(port).orElseThrow();

        assertThat(why.cause()).isEqualTo(Blockage.Cause.UNEXPLAINED);
        assertThat(observer.observe().completeness().covers(Protocol.TCP)).isTrue();
    }
}
