package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Notifications of Linux 6.18; those of TCP have 264 bytes of tcp_info after the attributes that are read here. */
class DestroyEventsTest {
    private static List<String> walk(String hex) {
        List<String> told = new ArrayList<>();
        ByteBuffer bytes = Hex.bytes(hex);
        DestroyEvents.walk(bytes, bytes.capacity(), (port, cookie) -> told.add(port + " #" + cookie));
        return told;
    }

    private static final String UDP =
            "6000000014000000000000000000000002070000a7c700000000000000000000000000000000000000000000000000000000000000000000"
                    + "0000000019000000000000000000000000000000ffffffff000000000000000005000a0011000000";

    private static final String TCP6 =
            "600000001400000000000000000000000a070000aea100000000000000000000000000000000000000000000000000000000000000000000"
                    + "0000000010000000000000000000000000000000000000000000000000000000" + "05000a0006000000";

    @Test
    void aListenerOverIpv6() {
        assertThat(walk(TCP6)).containsExactly(PortKey.tcp(44705) + " #16");
    }

    @Test
    void aConnectionIsNoListener() {
        assertThat(walk(TCP6.replace("aea10000", "aea1cf05"))).isEmpty();
    }

    @Test
    void twoInOneDatagramAndOneThatIsCut() {
        assertThat(walk(TCP6 + TCP6 + TCP6.substring(0, 60))).hasSize(2);
    }

    @Test
    void aLengthBeyondEveryDatagramEndsTheReading() {
        assertThat(walk(TCP6 + "ffffff7f" + TCP6.substring(8))).hasSize(1);
    }

    @Test
    void udpIsToldAsUdp() {
        assertThat(walk(UDP)).containsExactly(new PortKey(Protocol.UDP, 42951) + " #25");
    }
}
