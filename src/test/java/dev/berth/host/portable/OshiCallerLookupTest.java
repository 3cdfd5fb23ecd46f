package dev.berth.host.portable;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.security.auth.module.UnixSystem;
import dev.berth.model.User;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class OshiCallerLookupTest {
    private final OshiCallerLookup lookup = new OshiCallerLookup();

    @Test
    void aConnectionOfOursIsOurs() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            assertThat(lookup.callerOf((InetSocketAddress) accepted.getRemoteSocketAddress(), (InetSocketAddress)
                            accepted.getLocalSocketAddress()))
                    .map(User::uid)
                    .contains(new UnixSystem().getUid());
        }
    }

    @Test
    void aConnectionThatIsNotThereHasNoCaller() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(lookup.callerOf(
                            new InetSocketAddress("127.0.0.1", 1), (InetSocketAddress) server.getLocalSocketAddress()))
                    .isEmpty();
        }
    }
}
