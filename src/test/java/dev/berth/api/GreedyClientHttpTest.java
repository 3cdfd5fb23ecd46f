package dev.berth.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.config.Documents;
import dev.berth.testing.Tools;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One client that takes all it can get, and another one that is served meanwhile. */
@QuarkusTest
class GreedyClientHttpTest {
    private static final String HEAD = " HTTP/1.1\r\nHost: localhost:%d\r\n";
    /** Far more than other tests of this program may still have open: half of it is this user's. */
    private static final int MOST = 512;

    private static final int ANSWERED_WITHIN_MILLIS = 20_000;

    private static final String ESTABLISHED = "01";

    @TestHTTPResource("/")
    URI base;

    private final List<Socket> open = new ArrayList<>();

    /** REST-assured makes a client for each request, and leaves its connection to the collector: they would count here. */
    @BeforeEach
    void endConnectionsOfOthers() {
        Tools.requireLinux();
        await().until(() -> {
            System.gc();
            return connections() < MOST / 8;
        });
    }

    /** Established ones, as the server's side has them. */
    private long connections() throws IOException {
        String port = String.format(":%04X", base.getPort());
        long count = 0;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            count += Files.readAllLines(Path.of(table)).stream()
                    .map(line -> line.trim().split(" +"))
                    .filter(fields -> fields[1].endsWith(port) && fields[3].equals(ESTABLISHED))
                    .count();
        }
        return count;
    }

    @AfterEach
    void leaveNothingBehind() throws IOException {
        for (Socket each : open) {
            each.close();
        }
        await().untilAsserted(() -> set("null", "null"));
    }

    private static void set(String connections, String requestTime) {
        given().contentType("application/merge-patch+json")
                .body("{\"limits.connections\": " + connections + ", \"limits.requestTime\": " + requestTime + "}")
                .patch("/settings")
                .then()
                .statusCode(200);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(base.getHost(), base.getPort());
        socket.setSoTimeout(1);
        open.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private String head() {
        return String.format(HEAD, base.getPort());
    }

    /** What came of it so far; empty while there is nothing, and the end as such. */
    private static String read(Socket socket) {
        try {
            int first = socket.getInputStream().read();
            return first < 0
                    ? "END"
                    : (char) first + new String(socket.getInputStream().readNBytes(11), US_ASCII);
        } catch (SocketTimeoutException nothing) {
            return "";
        } catch (IOException reset) {
            return "END";
        }
    }

    private static String dribble(Socket socket) {
        try {
            send(socket, "x");
        } catch (IOException ended) {
            return "END";
        }
        return read(socket);
    }

    @Test
    void headersThatDribbleHaveAnEnd() throws Exception {
        set("1024", "\"1s\"");
        Socket slow = connect();
        send(slow, "GET /services" + head() + "X-Slow: ");
        await().until(() -> dribble(slow), answer -> answer.startsWith("HTTP/1.1 408") || answer.equals("END"));
    }

    @Test
    void bodiesThatDribbleHaveAnEnd() throws Exception {
        set("1024", "\"1s\"");
        Socket slow = connect();
        send(
                slow,
                "PUT /namespaces/greedy/services/web" + head()
                        + "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{\"note\": \"");
        try (FailureLog log = FailureLog.open()) {
            await().until(() -> dribble(slow), answer -> answer.startsWith("HTTP/1.1 408") || answer.equals("END"));
            given().get("/namespaces/greedy/services/web").then().statusCode(404);
            assertThat(log.lines())
                    .as("whose body never comes whole is nobody's fault of ours")
                    .isEmpty();
        }
    }

    /** All but their last byte, which nobody has to send. */
    @Test
    void bodiesThatNeverEndLeaveRoomForTheOthersInMemory() throws Exception {
        set("1024", "\"1m\"");
        long most = BodyRoom.BYTES / Documents.MAX_BYTES;
        for (int i = 0; i < most; i++) {
            beginLargestBody();
        }
        await().untilAsserted(() -> {
            // One of them found no room where the end of another test's body was not noticed yet.
            beginLargestBody();
            given().contentType("application/json")
                    .body("{}")
                    .put("/namespaces/greedy/services/web?dryRun=true")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", "1");
        });
        leaveNothingBehind();
        await().untilAsserted(() -> given().contentType("application/json")
                .body("{}")
                .put("/namespaces/greedy/services/web?dryRun=true")
                .then()
                .statusCode(200));
    }

    private void beginLargestBody() throws IOException {
        send(
                connect(),
                "PUT /namespaces/greedy/services/web" + head() + "Content-Type: application/json\r\nContent-Length: "
                        + Documents.MAX_BYTES + "\r\n\r\n{");
    }

    @Test
    void whoSaysNothingIsSentAway() throws Exception {
        set("1024", "\"1s\"");
        Socket silent = connect();
        await().until(() -> read(silent), "END"::equals);
    }

    @Test
    void aWatchOutlivesTheTimeForRequests() throws Exception {
        set("1024", "\"1s\"");
        Socket watch = connect();
        send(watch, "GET /watch" + head() + "\r\n");
        await().until(() -> read(watch), "HTTP/1.1 200"::equals);
        Socket silent = connect();
        await().until(() -> read(silent), "END"::equals);
        assertThat(read(watch)).isNotEqualTo("END");
    }

    @Test
    void oneUserWithManyConnectionsLeavesRoomForOthers() throws Exception {
        set(Integer.toString(MOST), "\"1h\"");
        int held = 0;
        for (int each = 0; each < MOST; each++) {
            Socket socket = connect();
            send(socket, "GET /q/health/live" + head() + "\r\n");
            socket.setSoTimeout(ANSWERED_WITHIN_MILLIS);
            String answer = read(socket);
            assertThat(answer).as("connection %d", each).isNotEmpty();
            held += answer.equals("HTTP/1.1 200") ? 1 : 0;
        }
        assertThat(held).as("connections that one user holds").isBetween(1, MOST / 2);
        assertAnotherUserIsAnswered();
        for (Socket each : open) {
            each.close();
        }
        await().untilAsserted(() -> given().get("/services").then().statusCode(200));
    }

    private void assertAnotherUserIsAnswered() throws Exception {
        Tools.requireRoot();
        Process other = new ProcessBuilder(
                        Tools.require("setpriv").toString(),
                        "--reuid=54321",
                        "--regid=54321",
                        "--clear-groups",
                        Tools.require("curl").toString(),
                        "--silent",
                        "--max-time",
                        "60",
                        "--write-out",
                        "%{http_code}",
                        "--output",
                        "/dev/null",
                        base.resolve("/q/health/live").toString())
                .start();
        assertThat(new String(other.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("200");
        assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
}
