package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ListenAddressTest {
    @Test
    void takesTheNextFreePortAndRemembersWhatWasWanted() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            ListenAddress chosen = ListenAddress.choose(Map.of("BERTH_HTTP_PORT", Integer.toString(port)));
            assertThat(chosen.port()).isGreaterThan(port);
            assertThat(chosen.wanted()).hasValue(port);
        }
    }

    @Test
    void itsOwnVariableWinsOverPort() throws Exception {
        int own = free();
        ListenAddress chosen =
                ListenAddress.choose(Map.of("BERTH_HTTP_PORT", Integer.toString(own), "PORT", "nonsense"));
        assertThat(chosen.port()).isEqualTo(own);
        assertThat(chosen.url()).isEqualTo("http://127.0.0.1:" + own);
    }

    @TestFactory
    Stream<DynamicTest> aWrongValueIsNamed() {
        return Stream.of(
                        Map.of("BERTH_HTTP_PORT", "65536"),
                        Map.of("BERTH_HTTP_PORT", "-1"),
                        Map.of("PORT", "eighty"),
                        Map.of("BERTH_HTTP_HOST", "192.0.2.1"))
                .map(environment -> DynamicTest.dynamicTest(
                        environment.toString(),
                        () -> assertThatThrownBy(() -> ListenAddress.choose(environment))
                                .isInstanceOfSatisfying(
                                        StartException.class,
                                        refused ->
                                                assertThat(refused.exitStatus()).isEqualTo(2))
                                .hasMessageContaining(
                                        environment.keySet().iterator().next())
                                .hasMessageContaining(
                                        environment.values().iterator().next())));
    }

    @Test
    void listeningBeyondLoopbackNeedsATokenOrTheWordThatItMay() throws Exception {
        Map<String, String> everywhere = Map.of("BERTH_HTTP_HOST", "0.0.0.0", "BERTH_HTTP_PORT", "0");
        assertThatThrownBy(() -> ListenAddress.choose(everywhere))
                .hasMessageContaining("BERTH_HTTP_HOST is \"0.0.0.0\"")
                .hasMessageContaining("BERTH_TOKEN");
        ListenAddress withToken = ListenAddress.choose(with(everywhere, "BERTH_TOKEN", "0123456789abcdef"));
        assertThat(withToken.host().isAnyLocalAddress()).isTrue();
        assertThat(withToken.url()).startsWith("http://127.0.0.1:");
        assertThat(ListenAddress.choose(with(everywhere, "BERTH_INSECURE", "true"))
                        .host()
                        .isAnyLocalAddress())
                .isTrue();
        assertThatThrownBy(() -> ListenAddress.choose(with(everywhere, "BERTH_INSECURE", "yes")))
                .hasMessageContaining("BERTH_INSECURE is \"yes\"");
    }

    @Test
    void aTokenThatIsNoneIsRefusedAndNotShown() {
        assertThatThrownBy(() -> StartToken.isGiven(Map.of("BERTH_TOKEN", "short-secret")))
                .hasMessageContaining("BERTH_TOKEN")
                .message()
                .doesNotContain("short-secret");
    }

    private static Map<String, String> with(Map<String, String> some, String variable, String value) {
        Map<String, String> all = new HashMap<>(some);
        all.put(variable, value);
        return all;
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
