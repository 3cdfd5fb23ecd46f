package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
