package dev.berth.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one client gets of the packaged program, over either of the ways to it. */
class LimitsIT {
    private static final int MOST = 32;
    private static final int WAY_TOO_MANY = 3 * MOST;

    @TempDir
    static Path directory;

    private static Berth berth;

    private final List<SocketChannel> open = new ArrayList<>();

    /** The ways to Berth. */
    enum Way {
        TCP,
        UNIX;

        SocketAddress address() throws IOException {
            return this == TCP
                    ? new InetSocketAddress(
                            InetAddress.getLoopbackAddress(),
                            URI.create(berth.base()).getPort())
                    : UnixDomainSocketAddress.of(
                            directory.resolve("data").resolve("run").resolve("berth.sock"));
        }
    }

    @BeforeAll
    static void start() {
        berth = Berth.start(
                directory,
                Map.of("BERTH_LIMITS_CONNECTIONS", Integer.toString(MOST), "BERTH_LIMITS_REQUEST_TIME", "2s"));
    }

    @AfterAll
    static void close() {
        berth.close();
    }

    @AfterEach
    void hangUp() throws IOException {
        Awaitility.await("what was taken is given back")
                .atMost(Berth.PATIENCE)
                .until(() -> letGo() && served(Way.UNIX) && served(Way.TCP));
        letGo();
    }

    private boolean letGo() throws IOException {
        for (SocketChannel each : open) {
            each.close();
        }
        open.clear();
        return true;
    }

    private SocketChannel connect(Way way) throws IOException {
        SocketChannel channel = SocketChannel.open(way.address());
        open.add(channel);
        return channel;
    }

    private static String head(String line) {
        return line + " HTTP/1.1\r\nHost: localhost:" + URI.create(berth.base()).getPort() + "\r\n";
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The status of the next answer; 0 when the connection ends without one. */
    private static int status(SocketChannel channel) {
        ByteBuffer start = ByteBuffer.allocate("HTTP/1.1 200".length());
        try {
            while (start.hasRemaining()) {
                if (channel.read(start) < 0) {
                    return 0;
                }
            }
        } catch (IOException reset) {
            return 0;
        }
        return Integer.parseInt(new String(start.array(), US_ASCII).substring("HTTP/1.1 ".length()));
    }

    private int answer(Way way, String line) throws IOException {
        SocketChannel channel = connect(way);
        send(channel, head(line) + "\r\n");
        return status(channel);
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatDoesNotComeToItsEndIsAnsweredAndEnded(Way way) throws IOException {
        SocketChannel slow = connect(way);
        send(slow, head("GET /services") + "X-Slow: ");
        assertThat(status(slow)).isEqualTo(408);
    }

    @ParameterizedTest
    @EnumSource
    void whoSaysNothingIsSentAway(Way way) throws IOException {
        assertThat(status(connect(way))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void headersHaveASizeAndANumber(Way way) throws IOException {
        assertRefused(way, head("GET /services") + "X-Long: " + "x".repeat(20_000) + "\r\n\r\n", 431);
        assertRefused(way, head("GET /services") + "X-Many: x\r\n".repeat(200) + "\r\n", 431);
        assertRefused(way, head("GET /services?q=" + "x".repeat(10_000)) + "\r\n", 414);
        assertThat(answer(way, "GET /services")).isEqualTo(200);
    }

    private void assertRefused(Way way, String request, int status) throws IOException {
        SocketChannel channel = connect(way);
        send(channel, request);
        assertThat(status(channel)).isEqualTo(status);
    }

    /** Both ways lead to the same places, of which one user gets half. */
    @ParameterizedTest
    @EnumSource
    void oneUserLeavesHalfOfTheConnections(Way way) throws IOException {
        int held = 0;
        for (int each = 0; each < WAY_TOO_MANY; each++) {
            held += served(way) ? 1 : 0;
        }
        assertThat(held).isBetween(1, MOST / 2);
        for (Way other : Way.values()) {
            assertThat(served(other)).as("another one over %s", other).isFalse();
        }
    }

    private boolean served(Way way) {
        try {
            return answer(way, "GET /q/health/live") == 200;
        } catch (IOException reset) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoSendsRequestsWithoutEndIsCutOff(Way way) throws IOException {
        SocketChannel flood = connect(way);
        flood.configureBlocking(false);
        ByteBuffer requests =
                ByteBuffer.wrap((head("GET /services") + "\r\n").repeat(100).getBytes(US_ASCII));
        Awaitility.await("the connection ends").atMost(Berth.PATIENCE).until(() -> isEnded(flood, requests));
        assertThat(berth.get("/services").status()).isEqualTo(200);
    }

    /** So few that they may wait for their turn, whose answers are more than is kept for one connection. */
    @ParameterizedTest
    @EnumSource
    void whoAsksAndNeverReadsIsCutOff(Way way) throws IOException {
        for (int each = 0; each < 4; each++) {
            Map<String, String> environment = Map.of("LONG", "x".repeat(200_000));
            berth.put(
                    "/services/long-" + each,
                    Supervised.json(
                            Map.of("command", "exec sleep 1000", "running", false, "environment", environment)));
        }
        SocketChannel deaf = connect(way);
        send(deaf, (head("GET /services") + "\r\n").repeat(100));
        deaf.configureBlocking(false);
        ByteBuffer more = ByteBuffer.wrap("\r\n".getBytes(US_ASCII));
        Awaitility.await("the connection ends").atMost(Berth.PATIENCE).until(() -> isEnded(deaf, more));
        assertThat(berth.get("/services").status()).isEqualTo(200);
    }

    /** Sends as much as is taken. */
    private static boolean isEnded(SocketChannel channel, ByteBuffer bytes) {
        try {
            int sent;
            do {
                sent = channel.write(bytes.rewind());
            } while (sent == bytes.capacity());
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    @Test
    void theWatchIsNoRequestThatTakesTooLong() throws IOException {
        SocketChannel watch = connect(Way.UNIX);
        send(watch, head("GET /watch") + "\r\n");
        assertThat(status(watch)).isEqualTo(200);
        SocketChannel silent = connect(Way.UNIX);
        assertThat(status(silent)).isZero();
        watch.configureBlocking(false);
        ByteBuffer rest = ByteBuffer.allocate(1 << 20);
        int read;
        do {
            read = watch.read(rest.clear());
        } while (read > 0);
        assertThat(read).as("the watch is open, with nothing more to say").isZero();
    }
}
