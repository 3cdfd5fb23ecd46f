package dev.berth.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.berth.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpCheckTest {
    private final TcpCheck check = new TcpCheck(System::nanoTime);

    private HealthCheck.Result connect(String target, Duration timeout) {
        return check.check(Specs.of("tcp", target, timeout), Specs.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%d", "localhost:%d", "127.0.0.1:%d", "[::ffff:127.0.0.1]:%d"})
    void passesWhereAConnectionIsAccepted(String target) {
        try (TestServer server = TestServer.start((connection, self) -> {})) {
            HealthCheck.Result result = connect(target.formatted(server.port()), Duration.ofSeconds(10));
            assertThat(result.healthy()).as(result.detail()).isTrue();
            assertThat(result.detail()).isEqualTo("connected to port " + server.port());
            assertThat(result.took()).isPositive();
        }
    }

    @Test
    void theServerSeesAnOrdinaryEnd() throws Exception {
        CompletableFuture<Integer> seen = new CompletableFuture<>();
        try (TestServer server = TestServer.start((connection, self) -> {
            try {
                seen.complete(connection.getInputStream().read());
            } catch (IOException e) {
                seen.completeExceptionally(e);
            }
        })) {
            assertThat(connect(Integer.toString(server.port()), Duration.ofSeconds(10))
                            .healthy())
                    .isTrue();
            assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }

    @Test
    void failsWhereNobodyListens() {
        HealthCheck.Result result = connect(Integer.toString(FreePorts.take()), Duration.ofSeconds(10));
        assertThat(result.healthy()).isFalse();
        assertThat(result.detail()).isEqualTo("connection refused");
    }

    @Test
    void aServerThatAcceptsNobodyAnyMoreGivesNoAnswer() throws Exception {
        List<SocketChannel> queue = new ArrayList<>();
        try (ServerSocket full = new ServerSocket()) {
            full.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 1);
            for (int i = 0; i < 8; i++) {
                SocketChannel waiting = SocketChannel.open();
                waiting.configureBlocking(false);
                boolean ignored = waiting.connect(full.getLocalSocketAddress());
                queue.add(waiting);
            }
            HealthCheck.Result result = assertTimeoutPreemptively(
                    Duration.ofSeconds(8), () -> connect("127.0.0.1:" + full.getLocalPort(), Duration.ofMillis(300)));
            assertThat(result.healthy()).isFalse();
            assertThat(result.detail()).isEqualTo("no answer within 300ms");
        } finally {
            for (SocketChannel each : queue) {
                each.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "here", "0", "70000", "99999999999", ":80", "localhost:", "localhost:x"})
    void whatIsNoEndpointIsUnhealthyAndSaysSo(String target) {
        HealthCheck.Result result = connect(target, Duration.ofSeconds(10));
        assertThat(result.healthy()).isFalse();
        assertThat(result.detail()).contains("neither a port nor host:port");
    }
}
