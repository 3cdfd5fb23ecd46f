package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.Neighbour;
import dev.berth.model.Protocol;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinuxCallerLookupTest {
    private final List<AutoCloseable> open = new ArrayList<>();
    private LinuxCallerLookup callers;

    @BeforeEach
    void onLinux() throws Exception {
        Tools.requireLinux();
        callers = keep(LinuxCallerLookup.open());
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        open.add(closeable);
        return closeable;
    }

    private ServerSocket server(String address) throws IOException {
        ServerSocket server = keep(new ServerSocket(0, 10, InetAddress.getByName(address)));
        // A client that fails should fail the test, and not hang it.
        server.setSoTimeout(20_000);
        return server;
    }

    private static InetSocketAddress client(Socket accepted) {
        return (InetSocketAddress) accepted.getRemoteSocketAddress();
    }

    private static InetSocketAddress server(Socket accepted) {
        return (InetSocketAddress) accepted.getLocalSocketAddress();
    }

    private static long uid() {
        return SocketCalls.geteuid();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void thisUsersOwnConnectionIsKnown(String address) throws Exception {
        // Java connects through IPv6 sockets with IPv4 inside.
        ServerSocket server = server(address);
        keep(new Socket(server.getInetAddress(), server.getLocalPort()));
        Socket accepted = keep(server.accept());

        assertThat(callers.callerOf(client(accepted), server(accepted)))
                .hasValueSatisfying(user -> assertThat(user.uid()).isEqualTo(uid()));
    }

    @Test
    void aPlainIpv4ClientOfADualStackServerIsKnown() throws Exception {
        ServerSocket server = server("::");
        keep(Neighbour.python("c = socket.create_connection(('127.0.0.1', " + server.getLocalPort() + ")); end()"));
        Socket accepted = keep(server.accept());

        assertThat(callers.callerOf(client(accepted), server(accepted)))
                .hasValueSatisfying(user -> assertThat(user.uid()).isEqualTo(uid()));
    }

    @Test
    void anotherUsersConnectionIsThatUsers() throws Exception {
        Tools.requireRoot();
        ServerSocket server = server("127.0.0.1");
        keep(Neighbour.python(
                "os.setuid(65534); c = socket.create_connection(('127.0.0.1', " + server.getLocalPort() + ")); end()"));
        Socket accepted = keep(server.accept());

        assertThat(callers.callerOf(client(accepted), server(accepted)))
                .hasValueSatisfying(user -> assertThat(user.uid()).isEqualTo(65534));
    }

    @Test
    void aConnectionThatTheClientHasClosedIsAStrangers() throws Exception {
        ServerSocket server = server("127.0.0.1");
        Socket client = keep(new Socket(server.getInetAddress(), server.getLocalPort()));
        Socket accepted = keep(server.accept());
        client.close();

        assertThat(callers.callerOf(client(accepted), server(accepted))).isEmpty();
    }

    @Test
    void aConnectionThatIsNotThereIsAStrangersAlthoughTheKernelAnswersWithTheListener() throws Exception {
        ServerSocket server = server("127.0.0.1");
        InetSocketAddress listening = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());

        assertThat(callers.callerOf(new InetSocketAddress("127.0.0.1", 1), listening))
                .isEmpty();
        assertThat(callers.callerOf(listening, new InetSocketAddress("127.0.0.1", 1)))
                .isEmpty();
        assertThat(callers.callerOf(new InetSocketAddress("::1", 1), listening)).isEmpty();
        assertThat(callers.callerOf(InetSocketAddress.createUnresolved("localhost", 1), listening))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "FIN_WAIT2, 40000, 8000, 7, false",
        "TIME_WAIT, 40000, 8000, 7, false",
        "LISTEN, 40000, 8000, 7, false",
        "ESTABLISHED, 40001, 8000, 7, false",
        "ESTABLISHED, 40000, 8001, 7, false",
        "ESTABLISHED, 40000, 8000, 0, false",
        "ESTABLISHED, 40000, 8000, 7, true"
    })
    void onlyTheEstablishedSocketOfExactlyThisConnectionCounts(
            TcpState state, int localPort, int remotePort, long inode, boolean known) {
        InetSocket answer = new InetSocket(
                Protocol.TCP,
                false,
                state,
                "127.0.0.1",
                localPort,
                "127.0.0.1",
                remotePort,
                1,
                0,
                inode == 0 ? OptionalLong.empty() : OptionalLong.of(inode),
                false,
                0,
                OptionalLong.empty());

        assertThat(LinuxCallerLookup.isBeyondDoubt(
                        answer, new InetSocketAddress("127.0.0.1", 40000), new InetSocketAddress("127.0.0.1", 8000)))
                .isEqualTo(known);
        assertThat(LinuxCallerLookup.isBeyondDoubt(
                        answer, new InetSocketAddress("127.0.0.2", 40000), new InetSocketAddress("127.0.0.1", 8000)))
                .isFalse();
    }

    @Test
    void aContainersProxyIsAStrangerAlthoughItRunsAsTheUser() throws Exception {
        ServerSocket server = server("127.0.0.1");
        keep(Neighbour.python(
                "open('/proc/self/comm', 'w').write('slirp4netns'); c = socket.create_connection(('127.0.0.1', "
                        + server.getLocalPort() + ")); end()"));
        Socket accepted = keep(server.accept());

        assertThat(callers.callerOf(client(accepted), server(accepted))).isEmpty();
    }

    /** Its uid 0 is the machine's to the kernel, and a container's root is not the machine's; nor whoever it becomes. */
    @ParameterizedTest
    @CsvSource({
        "--pid --fork --kill-child, pass",
        "--pid --fork --kill-child, os.seteuid(65534)",
        "--user --map-root-user, pass"
    })
    void aProcessOfAContainerWithTheMachinesNetworkIsAStranger(String namespaces, String then) throws Exception {
        Tools.requireRoot();
        List<String> prefix = new ArrayList<>(List.of(Tools.require("unshare").toString()));
        prefix.addAll(List.of(namespaces.split(" ")));
        ServerSocket server = server("127.0.0.1");
        Neighbour container = keep(Neighbour.python(
                "c = socket.create_connection(('127.0.0.1', " + server.getLocalPort() + ")); " + then
                        + "; print(1, flush=True); end()",
                prefix.toArray(String[]::new)));
        Socket accepted = keep(server.accept());
        container.hear();

        assertThat(callers.callerOf(client(accepted), server(accepted))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/bin/pasta, true",
        "/usr/bin/pasta.avx2, true",
        "/usr/bin/slirp4netns (deleted), true",
        "docker-proxy, true",
        "/usr/bin/rootlessport, true",
        "/usr/bin/curl, false",
        "/usr/bin/pastamaker, false",
        "docker, false"
    })
    void proxiesAreKnownByTheirPrograms(String program, boolean proxy) {
        assertThat(ContainerCheck.isProxyName(program)).isEqualTo(proxy);
    }
}
