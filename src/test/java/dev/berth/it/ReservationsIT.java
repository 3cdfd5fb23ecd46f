package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.Children;
import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reserved ports and real programs that would like to have them. */
class ReservationsIT {
    private static final List<String> ADDRESSES = List.of("127.0.0.1", "0.0.0.0", "::", "::1");

    /** Binds the port when it is told to, and then holds it. */
    private static final String BINDS_WHEN_TOLD = """
            import socket, sys
            print('up', flush=True)
            sys.stdin.readline()
            server = socket.socket()
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(('127.0.0.1', int(sys.argv[1])))
            server.listen()
            print('bound', flush=True)
            sys.stdin.readline()
            """;

    @TempDir
    static Path directory;

    private static Berth berth;
    private final Children children = new Children();

    @BeforeAll
    static void start() {
        berth = Berth.start(directory);
    }

    @AfterAll
    static void close() {
        berth.close();
    }

    @AfterEach
    void tidy() {
        children.close();
        for (JsonNode each : berth.get("/reservations").body().path("items")) {
            berth.delete("/reservations/" + each.path("port").asInt());
        }
        for (JsonNode each : berth.get("/services").body().path("items")) {
            berth.delete("/services/" + each.path("metadata").path("name").asText());
        }
    }

    private static void reserve(String holder, int port) {
        Berth.Answer answer = berth.post("/reservations", "{\"holder\": \"%s\", \"port\": %d}".formatted(holder, port));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    private static JsonNode await(int port, String what, Predicate<JsonNode> condition) {
        return Awaitility.await(what)
                .atMost(Berth.PATIENCE)
                .until(() -> berth.get("/reservations/" + port).body(), condition);
    }

    @Test
    void realServersBindNoneOfThemOnAnyAddress() {
        int first = RealServers.freeBlock(20);
        List<Integer> ports = IntStream.range(first, first + 20).boxed().toList();
        assertThat(RealServers.python(ports, List.of("127.0.0.1")))
                .as("before they are reserved")
                .hasSize(20);
        Berth.Answer answer = berth.post(
                "/reservations",
                "{\"holder\": \"ci\", \"portRange\": \"%d-%d\", \"count\": 20}".formatted(first, first + 19));
        assertThat(answer.status()).isEqualTo(201);

        assertThat(RealServers.python(ports, ADDRESSES)).isEmpty();
        assertThat(RealServers.node(ports, ADDRESSES)).isEmpty();
        for (String address : ADDRESSES) {
            assertThat(RealServers.nginx(directory, ports, address)).isEmpty();
        }
    }

    @Test
    void theClaimantBindsItAndItIsHeldAgainWhenThatHasEnded() throws IOException {
        int port = FreePorts.take();
        reserve("ci", port);
        Process claimant = binder(port);
        claim(port, claimant);
        assertThat(tell(claimant)).isEqualTo("bound");
        JsonNode claimed = await(
                port,
                "it is seen on the port",
                item -> item.path("message").asText().endsWith("has it"));
        assertThat(claimed.path("claimedBy").asText()).isEqualTo("pid " + claimant.pid());

        Children.end(claimant);
        await(
                port,
                "it is held again",
                item -> item.path("enforcement").asText().equals("Held"));
        assertThat(FreePorts.isFree(port)).isFalse();
        assertThat(berth.get("/reservations/" + port).body().has("claimedBy")).isFalse();
    }

    @Test
    void aStrangerWhoIsQuickerThanTheClaimantIsFoundAndTold() throws IOException {
        int port = FreePorts.take();
        reserve("ci", port);
        Process claimant = binder(port);
        claim(port, claimant);
        Process stranger =
                children.startReady(Holder.command(Integer.toString(port))).process();
        await(
                port,
                "the stranger is told",
                item -> item.path("message").asText().contains("pid " + stranger.pid()));
        assertThat(berth.audit("").stream().map(record -> record.path("action").asText()))
                .contains("ReservationContested");
    }

    @Test
    void aLeaseEndsWithTheProcessThatItWasFor() {
        int port = FreePorts.take();
        Process holder = children.start(Children.IDLE);
        assertThat(berth.post(
                                "/reservations",
                                "{\"holder\": \"ci\", \"port\": %d, \"pid\": %d}".formatted(port, holder.pid()))
                        .status())
                .isEqualTo(201);
        Children.end(holder);
        Awaitility.await("it is given back")
                .atMost(Berth.PATIENCE)
                .until(() -> berth.get("/reservations/" + port).status() == 404);
        assertThat(FreePorts.isFree(port)).isTrue();
    }

    @Test
    void aServiceStartsOnThePortThatIsReservedForIt() {
        int port = FreePorts.take();
        reserve("web", port);
        String spec =
                "{\"port\": %d, \"command\": \"exec python3 -m http.server --bind 127.0.0.1 {port}\"".formatted(port)
                        + ", \"maxRestarts\": 0%s}";
        Tools.require("python3");
        berth.put("/services/web", spec.formatted(""));
        Awaitility.await("it runs on its port")
                .atMost(Berth.PATIENCE)
                .until(
                        () -> berth.get("/services/web").body().path("status"),
                        status -> status.path("state").asText().equals("Running"));
        assertThat(berth.get("/services/web").body().path("status").path("port").asInt())
                .isEqualTo(port);
        await(port, "it is claimed", item -> item.path("claimedBy").asText().equals("default/web"));
        berth.post("/services/web/stop");
        await(
                port,
                "it is held again",
                item -> item.path("enforcement").asText().equals("Held"));
        assertThat(RealServers.python(List.of(port), ADDRESSES)).isEmpty();
    }

    /** Its local port is one that a service is declared for. */
    @Test
    void anOutgoingConnectionOnADeclaredPortIsNamedAsTheCause() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Socket outgoing = new Socket()) {
            outgoing.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
            int port = outgoing.getLocalPort();
            berth.put("/services/web", "{\"port\": %d, \"strategy\": \"conservative\"}".formatted(port));
            String explanation =
                    berth.get("/ports/" + port).body().path("explanation").asText();
            assertThat(explanation).contains("outgoing connection", "ip_local_reserved_ports");
            JsonNode conflict = berth.settledConflict("web");
            assertThat(conflict.path("holder").path("kind").asText()).isEqualTo("kernel");
            assertThat(conflict.path("holder").path("description").asText()).contains("outgoing connection");
        }
    }

    private Process binder(int port) {
        return children.startReady(
                        List.of(Tools.require("python3").toString(), "-c", BINDS_WHEN_TOLD, Integer.toString(port)))
                .process();
    }

    private static void claim(int port, Process claimant) {
        Berth.Answer answer = berth.post("/reservations/" + port + "/claim", "{\"pid\": %d}".formatted(claimant.pid()));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    }

    /** Lets it go on; returns what it says next. */
    private static String tell(Process process) throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }
}
