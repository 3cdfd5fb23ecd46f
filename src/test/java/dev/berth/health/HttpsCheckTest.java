package dev.berth.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with a certificate that they signed themselves, for another name. */
class HttpsCheckTest {
    private static final char[] PASSWORD = "only for this test".toCharArray();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static SSLContext context;

    private final HttpCheck check = new HttpCheck(System::nanoTime);

    @BeforeAll
    static void certificate() throws Exception {
        Path store = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=somewhere.else",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
    }

    private static TestServer serving(InetAddress address, String text) throws Exception {
        return TestServer.start(
                context.getServerSocketFactory().createServerSocket(0, 50, address), (connection, self) -> {
                    self.readRequest(connection);
                    connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
                });
    }

    private HealthCheck.Result get(String url, Duration timeout) {
        return check.check(Specs.http("http", url, timeout, Optional.empty(), Optional.of("ready")), Specs.NOTHING);
    }

    @Test
    void onLoopbackAnyCertificateWillDo() throws Exception {
        try (TestServer server =
                serving(InetAddress.getByName("127.0.0.1"), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nready")) {
            for (String host : List.of("localhost", "127.0.0.1", "localhost")) {
                HealthCheck.Result result = get("https://" + host + ":" + server.port() + "/", TIMEOUT);
                assertThat(result.detail()).isEqualTo("200");
                assertThat(result.healthy()).isTrue();
            }
        }
    }

    @Test
    void elsewhereItIsNotTrusted() throws Exception {
        InetAddress own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElseGet(() -> Assumptions.abort("this machine has loopback addresses only"));
        try (TestServer server = serving(own, "HTTP/1.1 200 OK\r\n\r\nready")) {
            HealthCheck.Result result = get("https://" + own.getHostAddress() + ":" + server.port() + "/", TIMEOUT);
            assertThat(result.healthy()).isFalse();
            assertThat(result.detail()).startsWith("TLS failed: ");
            assertThat(server.wasAsked()).isFalse();
        }
    }

    @Test
    void aServerWithoutTlsIsToldAsOne() {
        try (TestServer server = TestServer.start((connection, self) -> {
            assertThat(connection.getInputStream().read()).isPositive();
            connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        })) {
            HealthCheck.Result result = get("https://localhost:" + server.port() + "/", TIMEOUT);
            assertThat(result.healthy()).isFalse();
            assertThat(result.detail()).startsWith("TLS failed: ");
        }
    }

    @Test
    void aHandshakeThatDripsCantStretchTheTimeout() {
        // The head of a handshake record of 16 KiB, whose content then comes a byte at a time.
        try (TestServer server = TestServer.dripping("\u0016\u0003\u0003\u0040\u0000", "\u0002")) {
            HealthCheck.Result result = assertTimeoutPreemptively(
                    Duration.ofSeconds(8),
                    () -> get("https://localhost:" + server.port() + "/", Duration.ofMillis(500)));
            assertThat(result.healthy()).isFalse();
            assertThat(result.detail()).isEqualTo("no answer within 500ms");
        }
    }
}
