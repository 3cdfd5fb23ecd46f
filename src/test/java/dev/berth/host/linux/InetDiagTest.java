package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.model.Protocol;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Answers that Linux 6.18 gave, byte for byte. */
class InetDiagTest {
    private static final int HEADER = 16;

    private static InetSocket decode(Protocol protocol, String hex) {
        ByteBuffer bytes = Hex.bytes(hex);
        return InetDiag.decode(protocol, bytes, HEADER, bytes.getInt(0));
    }

    @Test
    void aListenerOverIpv4() {
        InetSocket socket = decode(
                Protocol.TCP,
                "7c0000001400020001000000b70a0000020a0000e85d00007f000001000000000000000000000000000000000000000000000000"
                        + "0000000000000000011000000000000000000000000000008000000000000000d7e70000050008000000000008000f00"
                        + "000000000c00150001000000000000000600160052000000");

        assertThat(socket)
                .isEqualTo(new InetSocket(
                        Protocol.TCP,
                        false,
                        TcpState.LISTEN,
                        "127.0.0.1",
                        59485,
                        "0.0.0.0",
                        0,
                        0x1001,
                        0,
                        OptionalLong.of(59351),
                        false,
                        0,
                        OptionalLong.of(1)));
    }

    @Test
    void aDualStackWildcardAndOneForIpv6Only() {
        InetSocket dual = decode(
                Protocol.TCP,
                "840000001400020001000000b70a00000a0a0000ca33000000000000000000000000000000000000000000000000000000000000"
                        + "0000000000000000021000000000000000000000000000008000000000000000d9e70000050008000000000005000b00"
                        + "0000000008000f00000000000c00150001000000000000000600160012000000");
        InetSocket only = decode(
                Protocol.TCP,
                "840000001400020001000000b70a00000a0a000096bf000000000000000000000000000000000001000000000000000000000000"
                        + "0000000000000000041000000000000000000000000000008000000000000000dee70000050008000000000005000b00"
                        + "0100000008000f00000000000c00150001000000000000000600160012000000");

        assertThat(dual.localAddress()).isEqualTo("::");
        assertThat(dual.v6only()).isFalse();
        assertThat(dual.dualStack()).isTrue();
        assertThat(only.localAddress()).isEqualTo("::1");
        assertThat(only.v6only()).isTrue();
        assertThat(only.dualStack()).isFalse();
    }

    @Test
    void anIpv4AddressInsideIpv6IsToldAsIpv4() {
        InetSocket socket = decode(
                Protocol.TCP,
                "840000001400020001000000b70a00000a0a000083bd000000000000000000000000ffff7f000001000000000000000000000000"
                        + "0000000000000000031000000000000000000000000000008000000000000000dbe70000050008000000000005000b00"
                        + "0000000008000f00000000000c00150001000000000000000600160012000000");

        assertThat(socket.ipv6()).isTrue();
        assertThat(socket.localAddress()).isEqualTo("127.0.0.1");
        assertThat(socket.localPort()).isEqualTo(33725);
        assertThat(socket.dualStack()).isFalse();
    }

    @Test
    void timeWaitHasNoInodeAndTellsHowLongItLasts() {
        InetSocket socket = decode(
                Protocol.TCP,
                "600000001400020001000000b70a0000020603009932e85d7f0000010000000000000000000000007f0000010000000000000000"
                        + "00000000000000000710000000000000fce900000000000000000000000000000000000008000f0000000000");

        assertThat(socket.state()).isEqualTo(TcpState.TIME_WAIT);
        assertThat(socket.localPort()).isEqualTo(39218);
        assertThat(socket.remotePort()).isEqualTo(59485);
        assertThat(socket.remoteAddress()).isEqualTo("127.0.0.1");
        assertThat(socket.inode()).isEmpty();
        assertThat(socket.expires()).isEqualTo(59900);
        assertThat(socket.cgroup()).isEmpty();
    }

    @Test
    void whatIsBoundOnlyAnswersAsClosed() {
        InetSocket socket = decode(
                Protocol.TCP,
                "7c0000001400020001000000b70a000002070000d0b500007f000001000000000000000000000000000000000000000000000000"
                        + "0000000000000000061000000000000000000000000000000000000000000000e2e70000050008000000000008000f00"
                        + "000000000c00150001000000000000000600160052000000");

        assertThat(socket.state()).isEqualTo(TcpState.CLOSE);
        assertThat(socket.inode()).hasValue(59362);
        assertThat(socket.hasPeer()).isFalse();
    }

    @Test
    void attributesThatAreCutOrEmptyEndTheReading() {
        ByteBuffer bytes = Hex.bytes(
                "840000001400020001000000b70a00000a0a000096bf000000000000000000000000000000000001000000000000000000000000"
                        + "0000000000000000041000000000000000000000000000008000000000000000dee70000ff0008000000000005000b00"
                        + "0100000008000f00000000000c00150001000000000000000600160012000000");

        InetSocket socket = InetDiag.decode(Protocol.TCP, bytes, HEADER, bytes.getInt(0));

        assertThat(socket.v6only()).isFalse();
        assertThat(socket.cgroup()).isEmpty();
    }

    @Test
    void aDumpOfListenersIsAskedForInTheKernelsLayout() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the bytes below are little-endian");
        ByteBuffer request = ByteBuffer.allocate(InetDiag.REQUEST_LENGTH);

        InetDiag.dumpRequest(request, 7, InetDiag.AF_INET6, Protocol.TCP, TcpState.LISTEN.bit(), 8000);

        assertThat(HexFormat.of().formatHex(request.array()))
                .isEqualTo("48000000" + "1400" + "0103" + "07000000" + "00000000" // header
                        + "0a060000" + "00040000" + "1f400000" // family, protocol, states, port
                        + "00".repeat(36)
                        + "ffffffffffffffff");
    }

    @Test
    void oneConnectionIsAskedForByItsFourNumbers() throws Exception {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the bytes below are little-endian");
        InetAddress local = InetAddress.getByName("127.0.0.1");
        InetAddress remote = InetAddress.getByName("127.0.0.2");
        ByteBuffer plain = ByteBuffer.allocate(InetDiag.REQUEST_LENGTH);
        ByteBuffer mapped = ByteBuffer.allocate(InetDiag.REQUEST_LENGTH);

        InetDiag.exactRequest(plain, 7, Protocol.TCP, local, 40000, remote, 8000, false);
        InetDiag.exactRequest(mapped, 7, Protocol.TCP, local, 40000, remote, 8000, true);

        assertThat(HexFormat.of().formatHex(plain.array()))
                .startsWith("48000000" + "1400" + "0100")
                .contains("02060000" + "ffffffff" + "9c40" + "1f40" + "7f000001" + "00".repeat(12) + "7f000002");
        assertThat(HexFormat.of().formatHex(mapped.array()))
                .contains("0a060000" + "ffffffff" + "9c40" + "1f40" + "00".repeat(10) + "ffff7f000001" + "00".repeat(10)
                        + "ffff7f000002");
    }
}
