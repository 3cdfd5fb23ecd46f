package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The files of Linux 6.18, and what else may stand there. */
class SocketCountsTest {
    private static final String IPV4 = """
            sockets: used 14
            TCP: inuse 11 orphan 3 tw 5 alloc 23 mem 132
            UDP: inuse 2 mem 7
            UDPLITE: inuse 9
            RAW: inuse 8
            FRAG: inuse 6 memory 0
            """;

    private static final String IPV6 = """
            TCP6: inuse 17
            UDP6: inuse 4
            UDPLITE6: inuse 9
            RAW6: inuse 8
            FRAG6: inuse 6 memory 0
            """;

    @Test
    void whatListensOrIsConnectedOrBoundIsRead() {
        assertThat(SocketCounts.parse(IPV4, Optional.of(IPV6))).contains(new SocketCounts(11, 17, 2, 4, 23, 14));
    }

    @Test
    void withoutIpv6ThereAreNoSocketsOfIt() {
        assertThat(SocketCounts.parse(IPV4, Optional.empty())).contains(new SocketCounts(11, 0, 2, 0, 23, 14));
    }

    @Test
    void aLineOrAnEntryThatIsLackingLeavesNothingToGoBy() {
        for (String entry :
                new String[] {"sockets: ", "TCP: ", "UDP: ", "used 14", "inuse 11 ", "alloc 23 ", "inuse 2 "}) {
            assertThat(SocketCounts.parse(IPV4.replace(entry, ""), Optional.of(IPV6)))
                    .as(entry)
                    .isEmpty();
        }
        for (String entry : new String[] {"TCP6: ", "UDP6: ", "inuse 17", "inuse 4"}) {
            assertThat(SocketCounts.parse(IPV4, Optional.of(IPV6.replace(entry, ""))))
                    .as(entry)
                    .isEmpty();
        }
    }

    @Test
    void whatIsNoNumberIsNotTakenForOne() {
        assertThat(SocketCounts.parse(IPV4.replace("alloc 23", "alloc -1"), Optional.of(IPV6)))
                .isEmpty();
        assertThat(SocketCounts.parse(IPV4.replace("alloc 23", "alloc 99999999999999999999"), Optional.of(IPV6)))
                .isEmpty();
        assertThat(SocketCounts.parse("", Optional.of(""))).isEmpty();
    }

    @Test
    void whatServesMayBeAnotherWhereWhatIsInUseDiffers() {
        SocketCounts before = new SocketCounts(11, 17, 2, 4, 23, 14);
        assertThat(before.differFrom(before)).isFalse();
        assertThat(new SocketCounts(12, 17, 2, 4, 23, 14).differFrom(before)).isTrue();
        assertThat(new SocketCounts(11, 16, 2, 4, 23, 14).differFrom(before)).isTrue();
        assertThat(new SocketCounts(11, 17, 3, 4, 23, 14).differFrom(before)).isTrue();
        assertThat(new SocketCounts(11, 17, 2, 3, 23, 14).differFrom(before)).isTrue();
    }

    @Test
    void aTcpSocketThatWasMadeHereIsToldFromOneElsewhereAndFromOtherKinds() {
        SocketCounts before = new SocketCounts(11, 17, 2, 4, 23, 14);
        assertThat(new SocketCounts(11, 17, 2, 4, 24, 15).differFrom(before)).isTrue();
        assertThat(new SocketCounts(11, 17, 2, 4, 24, 14).differFrom(before))
                .as("in another network namespace")
                .isFalse();
        assertThat(new SocketCounts(11, 17, 2, 4, 23, 15).differFrom(before))
                .as("of another kind")
                .isFalse();
    }
}
