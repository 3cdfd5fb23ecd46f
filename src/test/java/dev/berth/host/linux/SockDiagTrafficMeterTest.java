package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.host.TrafficMeter;
import dev.berth.model.Traffic;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real connections over the loopback interface. */
@Timeout(60)
class SockDiagTrafficMeterTest {
    private TrafficMeter meter = TrafficMeter.NONE;

    @BeforeAll
    static void linux() {
        Tools.requireLinux();
    }

    @BeforeEach
    void open() throws Exception {
        meter = SockDiagTrafficMeter.open();
    }

    @AfterEach
    void close() {
        meter.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void bytesAreCountedAsTheServerSeesThem(String address) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getByName(address));
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            assertThat(read(server)).singleElement().satisfies(fresh -> {
                assertThat(fresh.received()).isZero();
                assertThat(fresh.sent()).isZero();
            });

            send(client, accepted, 300_000);
            send(accepted, client, 70_000);

            // What arrived last is confirmed a moment later.
            await().until(() -> read(server).get(0).sent() == 70_000);
            assertThat(read(server)).singleElement().satisfies(seen -> {
                assertThat(seen.localPort()).isEqualTo(server.getLocalPort());
                assertThat(seen.received()).isEqualTo(300_000);
            });
        }
    }

    @Test
    void everyConnectionIsTheOneItWasAndThoseOfOtherPortsAreNobodys() throws Exception {
        try (ServerSocket server = new ServerSocket(0);
                ServerSocket other = new ServerSocket(0);
                Socket first = new Socket("127.0.0.1", server.getLocalPort());
                Socket elsewhere = new Socket("127.0.0.1", other.getLocalPort());
                Socket second = new Socket("127.0.0.1", server.getLocalPort());
                Socket accepted = server.accept();
                Socket acceptedToo = server.accept()) {
            assertThat(List.of(first, second, elsewhere, accepted, acceptedToo)).allMatch(Socket::isConnected);
            List<Traffic> before = read(server);

            assertThat(before).hasSize(2).extracting(Traffic::connection).doesNotHaveDuplicates();
            assertThat(read(server))
                    .extracting(Traffic::connection)
                    .containsExactlyInAnyOrderElementsOf(
                            before.stream().map(Traffic::connection).toList());

            first.close();
            accepted.close();
            await().until(() -> read(server).size() == 1);
        }
    }

    /** More than one datagram of the kernel's. */
    @Test
    void hundredsOfConnectionsAreAllSeen() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 400)) {
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < 300; i++) {
                    sockets.add(new Socket("127.0.0.1", server.getLocalPort()));
                    sockets.add(server.accept());
                }
                assertThat(read(server)).hasSize(300);
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    private List<Traffic> read(ServerSocket server) throws Exception {
        return meter.read(Set.of(server.getLocalPort())).orElseThrow();
    }

    private static void send(Socket from, Socket to, int bytes) throws IOException {
        Thread writer = new Thread(() -> {
            try {
                from.getOutputStream().write(new byte[bytes]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.start();
        assertThat(to.getInputStream().readNBytes(bytes)).hasSize(bytes);
    }
}
