package dev.berth.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.berth.testing.FreePorts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpCheckTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(300);

    /** A check that were not bounded would go on for longer than that. */
    private static final Duration FAR_TOO_LONG = Duration.ofSeconds(8);

    private final HttpCheck check = new HttpCheck(System::nanoTime);

    private HealthCheck.Result get(TestServer server, Duration timeout, String status, String body) {
        return check.check(
                Specs.http(
                        "http",
                        "http://127.0.0.1:" + server.port() + "/",
                        timeout,
                        Optional.of(status).filter(text -> !text.isEmpty()),
                        Optional.of(body).filter(text -> !text.isEmpty())),
                Specs.NOTHING);
    }

    private HealthCheck.Result get(String url) {
        return check.check(Specs.of("http", url, TIMEOUT), Specs.NOTHING);
    }

    private static String answer(String status, String... headers) {
        return "HTTP/1.1 " + status + "\r\n" + String.join("", headers) + "\r\n";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 OK                  |         | true  | 200
            204 No Content          |         | true  | 204
            302 Found               |         | true  | 302
            404 Not Found           |         | false | 404
            503 Service Unavailable |         | false | 503
            404 Not Found           | 200,404 | true  | 404
            401 Unauthorized        | 200,400-403 | true | 401
            200 OK                  | 404     | false | 200
            200                     |         | true  | 200
            """)
    void judgesByTheStatus(String status, String expected, boolean healthy, String detail) {
        try (TestServer server = TestServer.answering(answer(status))) {
            HealthCheck.Result result =
                    get(server, TIMEOUT, Optional.ofNullable(expected).orElse(""), "");
            assertThat(result.healthy()).isEqualTo(healthy);
            assertThat(result.detail()).isEqualTo(detail);
            assertThat(result.took()).isBetween(Duration.ofNanos(1), TIMEOUT);
        }
    }

    @Test
    void asksAsAClientOfOneRequestDoes() throws Exception {
        try (TestServer server = TestServer.answering(answer("200 OK"))) {
            HealthCheck.Result result = get("http://localhost:" + server.port() + "/ready/é?x=1&y=%20#part");
            assertThat(result.healthy()).isTrue();
            assertThat(server.request())
                    .startsWith("GET /ready/%C3%A9?x=1&y=%20 HTTP/1.1\r\n")
                    .contains("\r\nHost: localhost:" + server.port() + "\r\n")
                    .contains("\r\nConnection: close\r\n");
        }
    }

    @Test
    void aUrlWithoutAPathMeansTheRoot() throws Exception {
        try (TestServer server = TestServer.answering(answer("200 OK"))) {
            assertThat(get("http://127.0.0.1:" + server.port()).healthy()).isTrue();
            assertThat(server.request()).startsWith("GET / HTTP/1.1\r\n");
        }
    }

    @Test
    void followsNoRedirect() {
        try (TestServer other = TestServer.answering(answer("500 No"));
                TestServer server = TestServer.answering(
                        answer("301 Moved", "Location: http://127.0.0.1:" + other.port() + "/\r\n"))) {
            assertThat(get(server, TIMEOUT, "", "").healthy()).isTrue();
            assertThat(other.wasAsked()).isFalse();
        }
    }

    @Test
    void passesOverInterimAnswers() {
        try (TestServer server = TestServer.answering(answer("103 Early Hints", "Link: </x>\r\n") + answer("503 No"))) {
            assertThat(get(server, TIMEOUT, "", "").detail()).isEqualTo("503");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Content-Length: 15 | all is ready now       | ready      | true
            Content-Length: 15 | all is ready now       | now        | false
            Content-Length: 15 | all is ready now       | ^all.*read | true
            X-None: 0          | all is ready now       | now$       | true
            X-None: 0          | all is ready now       | unready    | false
            X-None: 0          | {"c++": [1]}           | c++        | true
            Transfer-Encoding: chunked | 7;x=y/all is /5/ready/0// | ^all is ready$ | true
            Transfer-Encoding: chunked | 7/all is /5/ready/0//     | now            | false
            content-length:0   | ready                  | ready      | false
            """)
    void looksForTheBody(String header, String body, String wanted, boolean healthy) {
        String text = header.startsWith("Transfer") ? body.replace("/", "\r\n") : body;
        try (TestServer server = TestServer.answering(answer("200 OK", header + "\r\n") + text)) {
            HealthCheck.Result result = get(server, TIMEOUT, "", wanted);
            assertThat(result.healthy()).as(result.detail()).isEqualTo(healthy);
            assertThat(result.detail()).isEqualTo(healthy ? "200" : "200, but the body does not match " + wanted);
        }
    }

    @Test
    void aServerThatKeepsTheConnectionOpenDelaysNothing() {
        try (TestServer server = TestServer.start((connection, self) -> {
            self.readRequest(connection);
            connection
                    .getOutputStream()
                    .write((answer("200 OK", "Content-Length: 5\r\n") + "ready").getBytes(StandardCharsets.UTF_8));
            assertThat(self.waits(60_000)).isTrue();
        })) {
            HealthCheck.Result result =
                    assertTimeoutPreemptively(FAR_TOO_LONG, () -> get(server, Duration.ofSeconds(60), "", "ready"));
            assertThat(result.healthy()).isTrue();
        }
    }

    @Test
    void ofAnEndlessBodyOnlyTheBeginningIsRead() {
        TestServer.Behaviour endless = (connection, self) -> {
            self.readRequest(connection);
            OutputStream out = connection.getOutputStream();
            out.write((answer("200 OK") + "x".repeat(HttpReply.LONGEST_BODY)).getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write("needle".repeat(1000).getBytes(StandardCharsets.UTF_8));
            }
        };
        try (TestServer server = TestServer.start(endless)) {
            assertThat(get(server, TIMEOUT, "", "").healthy()).isTrue();
            assertThat(get(server, TIMEOUT, "", "needle").healthy()).isFalse();
            assertThat(get(server, TIMEOUT, "", "x").healthy()).isTrue();
        }
    }

    @Test
    void aHeadWithoutEndIsGivenUp() {
        try (TestServer server = TestServer.start((connection, self) -> {
            OutputStream out = connection.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write("X-More: and more\r\n".repeat(100).getBytes(StandardCharsets.UTF_8));
            }
        })) {
            assertThat(get(server, TIMEOUT, "", "").detail()).contains("its head has no end");
        }
    }

    @Test
    void aPatternThatBacktracksWithoutEndIsGivenUp() {
        try (TestServer server = TestServer.answering(answer("200 OK") + "a".repeat(60))) {
            HealthCheck.Result result =
                    assertTimeoutPreemptively(FAR_TOO_LONG, () -> get(server, TIMEOUT, "", "(a+)+\\1b"));
            assertThat(result.healthy()).isFalse();
            assertThat(result.detail()).contains("takes too long to match");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'H'                               | no answer within 300ms
            'HTTP/1.1 200 OK/X: '             | no answer within 300ms
            'HTTP/1.1 200 OK//'               | 200, but the body did not end within 300ms
            'HTTP/1.1 200 OK/Transfer-Encoding: chunked//' | 200, but the body did not end within 300ms
            """)
    void aServerThatDripsCantStretchTheTimeout(String head, String detail) {
        try (TestServer server = TestServer.dripping(head.replace("/", "\r\n").replace("HTTP\r\n", "HTTP/"), "0")) {
            HealthCheck.Result result =
                    assertTimeoutPreemptively(FAR_TOO_LONG, () -> get(server, SHORT, "", "never said"));
            assertThat(result.healthy()).isFalse();
            assertThat(result.detail()).isEqualTo(detail);
        }
    }

    @Test
    void aBodyThatGoesOnForEverIsEnoughWhenItHasWhatIsWanted() {
        try (TestServer server = TestServer.dripping("HTTP/1.1 200 OK\r\n\r\nready", ".")) {
            assertThat(get(server, SHORT, "", "ready").healthy()).isTrue();
        }
    }

    @Test
    void aServerThatAcceptsAndIsSilentGivesNoAnswer() {
        try (TestServer server = TestServer.start(
                (connection, self) -> assertThat(self.waits(60_000)).isTrue())) {
            HealthCheck.Result result = assertTimeoutPreemptively(FAR_TOO_LONG, () -> get(server, SHORT, "", ""));
            assertThat(result.healthy()).isFalse();
            assertThat(result.detail()).isEqualTo("no answer within 300ms");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                      | the connection was closed before an answer
            'HTTP/1.1 200 OK~'      | the connection was closed before an answer
            'SSH-2.0-OpenSSH_9.2~'  | the answer is not HTTP
            'HTTP/2 200~~'          | the answer is not HTTP
            """)
    void whatIsNoAnswerIsToldInWords(String text, String detail) {
        try (TestServer server = TestServer.answering(text.replace("~", "\r\n"))) {
            HealthCheck.Result result = get(server, TIMEOUT, "", "");
            assertThat(result.healthy()).isFalse();
            assertThat(result.detail()).isEqualTo(detail);
        }
    }

    @Test
    void aHalfClosedConnectionIsClosedBeforeAnAnswer() {
        try (TestServer server = TestServer.start((connection, self) -> {
            connection.shutdownOutput();
            assertThat(self.waits(60_000)).isTrue();
        })) {
            assertThat(get(server, TIMEOUT, "", "").detail()).isEqualTo("the connection was closed before an answer");
        }
    }

    @Test
    void aResetIsToldAsOne() {
        try (TestServer server = TestServer.start((connection, self) -> {
            self.readRequest(connection);
            connection.setSoLinger(true, 0);
        })) {
            assertThat(get(server, TIMEOUT, "", "").detail()).isEqualTo("the connection was reset");
        }
    }

    @Test
    void whereNobodyListensTheConnectionIsRefused() {
        int port = FreePorts.take();
        for (String host : new String[] {"localhost", "127.0.0.1", "[::1]", "0.0.0.0"}) {
            HealthCheck.Result result = get("http://" + host + ":" + port + "/");
            assertThat(result.healthy()).isFalse();
            assertThat(result.detail()).as(host).matches("connection refused|can't connect: .*");
        }
        assertThat(get("http://localhost:" + port).detail()).isEqualTo("connection refused");
    }

    @Test
    void localhostIsBothOfItsAddresses() throws Exception {
        ServerSocket listener = new ServerSocket();
        try {
            listener.bind(new InetSocketAddress(InetAddress.getByName("::1"), 0));
        } catch (IOException none) {
            Assumptions.abort("this machine has no IPv6");
        }
        try (TestServer server = TestServer.start(
                listener,
                (connection, self) ->
                        connection.getOutputStream().write(answer("200 OK").getBytes(StandardCharsets.UTF_8)))) {
            assertThat(get("http://localhost:" + server.port()).detail()).isEqualTo("200");
            assertThat(get("http://[::1]:" + server.port()).detail()).isEqualTo("200");
            assertThat(get("http://127.0.0.1:" + server.port()).detail()).isEqualTo("connection refused");
        }
    }

    @Test
    void whatServersBindIsAskedOnLoopback() {
        try (TestServer server = TestServer.answering(answer("200 OK"))) {
            assertThat(get("http://0.0.0.0:" + server.port()).detail()).isEqualTo("200");
        }
    }

    @Test
    void whatIsNoUrlIsUnhealthyAndSaysSo() {
        assertThat(get("http://localhost:{port}/").detail()).contains("is not a URL");
        assertThat(get("http:///").detail()).contains("is not a URL");
    }

    @Test
    void aServerCanBindItsPortAgainRightAfterACheck() throws Exception {
        for (int i = 0; i < 5; i++) {
            int port;
            try (TestServer server = TestServer.answering(answer("200 OK", "Content-Length: 2\r\n") + "ok")) {
                port = server.port();
                assertThat(get(server, TIMEOUT, "", "").healthy()).isTrue();
            }
            try (ServerSocket again = new ServerSocket()) {
                again.setReuseAddress(false);
                again.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
                assertThat(again.isBound()).isTrue();
            }
        }
    }
}
