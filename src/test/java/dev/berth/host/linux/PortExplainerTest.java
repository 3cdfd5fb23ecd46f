package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.linux.PortExplainer.Blocker;
import dev.berth.model.Blockage;
import dev.berth.model.Blockage.Cause;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.User;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PortExplainerTest {
    private static final KernelRules RULES =
            new KernelRules(Optional.of(new PortRange(32768, 60999)), 1024, false, true);
    private static final int DECLARED = 8000;
    private static final int EPHEMERAL = 40000;

    private static final CgroupNames NO_CGROUPS = new CgroupNames(Optional.empty());

    private static final Namespaces MACHINE = new Namespaces(Namespaces.Reach.MACHINE, Namespaces.Reach.MACHINE);
    private static final Namespaces CONTAINER = new Namespaces(Namespaces.Reach.OWN, Namespaces.Reach.OWN);

    private final PortExplainer explainer =
            new PortExplainer(new Visibility(1000, false, MACHINE, uid -> User.of(uid, "user" + uid), NO_CGROUPS));

    private static InetSocket socket(TcpState state, int port, String remote, int remotePort) {
        return new InetSocket(
                Protocol.TCP,
                false,
                state,
                "127.0.0.1",
                port,
                remote,
                remotePort,
                1,
                1000,
                OptionalLong.of(7),
                false,
                12_345,
                OptionalLong.empty());
    }

    private Optional<Blockage> explain(int port, KernelRules rules, Blocker... blockers) {
        return explainer.explain(PortKey.tcp(port), List.of(blockers), Denials.NONE, rules);
    }

    private Blockage explain(int port, Blocker... blockers) {
        return explain(port, RULES, blockers).orElseThrow();
    }

    private static Blocker blocker(InetSocket socket) {
        return new Blocker(socket, List.of(), false);
    }

    @Test
    void anOutgoingConnectionToAnotherMachineIsToldWithWhatHelps() {
        Blockage why = explain(EPHEMERAL, blocker(socket(TcpState.ESTABLISHED, EPHEMERAL, "192.0.2.1", 443)));

        assertThat(why.cause()).isEqualTo(Cause.OUTGOING_CONNECTION);
        assertThat(why.explanation()).contains("192.0.2.1:443", "32768-60999", "ip_local_reserved_ports");
    }

    @Test
    void aConnectionThatIsStillBeingMadeGoesOut() {
        assertThat(explain(DECLARED, blocker(socket(TcpState.SYN_SENT, DECLARED, "192.0.2.1", 443)))
                        .cause())
                .isEqualTo(Cause.OUTGOING_CONNECTION);
    }

    @Test
    void theEndOfAnOutgoingConnectionIsNotTakenForOneOfAFormerListener() {
        Blockage out = explain(EPHEMERAL, blocker(socket(TcpState.TIME_WAIT, EPHEMERAL, "192.0.2.1", 443)));
        Blockage in = explain(DECLARED, blocker(socket(TcpState.TIME_WAIT, DECLARED, "192.0.2.1", 50000)));

        assertThat(out.cause()).isEqualTo(Cause.OUTGOING_CONNECTION);
        assertThat(out.explanation()).contains("13 s");
        assertThat(in.cause()).isEqualTo(Cause.TIME_WAIT);
        assertThat(in.explanation()).contains("13 s", "SO_REUSEADDR");
    }

    @Test
    void whatAFormerListenerAcceptedIsNoOutgoingConnection() {
        Blockage why = explain(DECLARED, blocker(socket(TcpState.FIN_WAIT2, DECLARED, "192.0.2.1", 50000)));

        assertThat(why.cause()).isEqualTo(Cause.LINGERING_CONNECTION);
    }

    @Test
    void aHoldIsToldBeforeWhatPassesByItself() {
        Blockage why = explain(
                DECLARED,
                blocker(socket(TcpState.TIME_WAIT, DECLARED, "192.0.2.1", 50000)),
                blocker(socket(TcpState.CLOSE, DECLARED, "0.0.0.0", 0)));

        assertThat(why.cause()).isEqualTo(Cause.BOUND_NOT_LISTENING);
        assertThat(why.explanation()).contains("can't be seen", "user1000");
    }

    @Test
    void aListenerThatCameMeanwhileIsToldAsSuch() {
        assertThat(explain(DECLARED, blocker(socket(TcpState.LISTEN, DECLARED, "0.0.0.0", 0)))
                        .explanation())
                .contains("serves on 127.0.0.1:8000 now");
    }

    @Test
    void nothingSeenIsNothingOnlyWhereEverythingCanBeSeen() {
        KernelRules older = new KernelRules(RULES.ephemeral(), 1024, false, false);

        assertThat(explain(DECLARED, RULES)).isEmpty();
        assertThat(explain(DECLARED, older))
                .hasValueSatisfying(why -> assertThat(why.cause()).isEqualTo(Cause.UNEXPLAINED));
    }

    @Test
    void aPrivilegedPortIsAMatterOfPermission() {
        KernelRules allowed = new KernelRules(RULES.ephemeral(), 1024, true, true);

        assertThat(explain(80, RULES)).hasValueSatisfying(why -> {
            assertThat(why.cause()).isEqualTo(Cause.PERMISSION);
            assertThat(why.explanation()).contains("CAP_NET_BIND_SERVICE", "user1000");
        });
        assertThat(explain(80, allowed)).isEmpty();
    }

    @Test
    void theRulesAreReadFromTheKernelsFiles() {
        assertThat(KernelRules.range("32768\t60999\n")).contains(new PortRange(32768, 60999));
        assertThat(KernelRules.hasCapability("Name:\tjava\nCapEff:\t0000000000000400\n", 10))
                .isTrue();
        assertThat(KernelRules.hasCapability("CapPrm:\t0000000000000400\nCapEff:\t0000000000000000\n", 10))
                .isFalse();
        assertThat(KernelRules.hasCapability("CapEff:\tffffffffffffffff\n", 63)).isTrue();
    }

    @Test
    void deniedProcessesAreCountedByUserInWords() {
        Visibility visibility = new Visibility(1000, false, CONTAINER, uid -> User.of(uid, "user" + uid), NO_CGROUPS);

        List<String> gaps = visibility.gaps(new Denials(Map.of(0L, 2, 70L, 1)));

        assertThat(gaps).anySatisfy(gap -> assertThat(gap).contains("3 processes of user0, user70", "user1000"));
        assertThat(gaps).anySatisfy(gap -> assertThat(gap).contains("pid namespace of its own"));
        assertThat(gaps).anySatisfy(gap -> assertThat(gap).contains("network namespace"));
        assertThat(Visibility.mountHides("proc /proc proc rw,nosuid,hidepid=invisible 0 0"))
                .isTrue();
        assertThat(Visibility.mountHides("proc /proc proc rw,hidepid=2 0 0")).isTrue();
        assertThat(Visibility.mountHides("proc /proc proc rw,hidepid=0 0 0")).isFalse();
        assertThat(Visibility.mountHides("proc /mnt/proc proc rw,hidepid=2 0 0"))
                .isFalse();
    }

    @Test
    void aRefusalNamesTheErrorAndWhatItMeans() {
        assertThat(new NetlinkException("no netlink socket", Errno.EAFNOSUPPORT))
                .hasMessageContainingAll("errno 97", "EAFNOSUPPORT", "seccomp");
        assertThat(new NetlinkException("no netlink socket", Errno.EPROTONOSUPPORT))
                .hasMessageContainingAll("errno 93", "gVisor");
    }
}
