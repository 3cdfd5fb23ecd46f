package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetlinkReplyTest {
    private static final String LISTENER =
            "7c0000001400020001000000b70a0000020a0000e85d00007f000001000000000000000000000000000000000000000000000000"
                    + "0000000000000000011000000000000000000000000000008000000000000000d7e70000050008000000000008000f00"
                    + "000000000c00150001000000000000000600160052000000";
    private static final String DONE = "140000000300020001000000b70a000000000000";

    private final List<Integer> ports = new ArrayList<>();

    private NetlinkReply feed(int sequence, String... datagrams) {
        NetlinkReply reply = new NetlinkReply(sequence);
        for (String datagram : datagrams) {
            ByteBuffer bytes = Hex.bytes(datagram);
            reply.accept(bytes, bytes.capacity(), (from, at, end) -> ports.add(InetDiag.localPort(from, at)));
        }
        return reply;
    }

    @Test
    void aDumpEndsWithDone() {
        NetlinkReply open = feed(1, LISTENER + LISTENER);
        assertThat(open.finished()).isFalse();

        NetlinkReply reply = feed(1, LISTENER + LISTENER, LISTENER, DONE);

        assertThat(reply.finished()).isTrue();
        assertThat(reply.errno()).isZero();
        assertThat(reply.interrupted()).isFalse();
        assertThat(reply.datagrams()).isEqualTo(3);
        assertThat(ports).containsOnly(59485).hasSize(5);
    }

    @Test
    void whatBelongsToAnEarlierRequestIsPassedOver() {
        NetlinkReply reply = feed(2, LISTENER, DONE);

        assertThat(ports).isEmpty();
        assertThat(reply.finished()).isFalse();
    }

    @Test
    void aProtocolWithoutItsModuleEndsTheDumpWithAnError() {
        NetlinkReply reply = feed(1, "140000000300020001000000b70a0000feffffff");

        assertThat(reply.finished()).isTrue();
        assertThat(reply.errno()).isEqualTo(Errno.ENOENT);
    }

    @Test
    void anErrorAnswerCarriesItsNumber() {
        NetlinkReply reply = feed(
                1,
                "5c0000000200000001000000b70a0000feffffff480000001400010301000000000000000306000000040000000000000000000000"
                        + "0000000000000000000000000000000000000000000000000000000000000000000000ffffffffffffffff");

        assertThat(reply.finished()).isTrue();
        assertThat(reply.errno()).isEqualTo(Errno.ENOENT);
    }

    @Test
    void aDumpThatTheKernelCallsInterruptedIsNotTakenForWhole() {
        NetlinkReply reply = feed(1, LISTENER.replaceFirst("14000200", "14001200"), DONE);

        assertThat(reply.finished()).isTrue();
        assertThat(reply.interrupted()).isTrue();
    }

    @Test
    void theAnswerToAnExactQuestionIsOneMessage() {
        NetlinkReply reply = feed(1, LISTENER.replaceFirst("14000200", "14000000"));

        assertThat(reply.finished()).isTrue();
        assertThat(ports).containsExactly(59485);
    }

    @Test
    void aLengthThatCanNotBeEndsTheReadingAsBroken() {
        NetlinkReply zero = feed(1, "00000000" + LISTENER.substring(8));
        NetlinkReply beyond = feed(1, "ff000000" + LISTENER.substring(8));

        assertThat(zero.interrupted()).isTrue();
        assertThat(beyond.interrupted()).isTrue();
        assertThat(ports).isEmpty();
    }
}
