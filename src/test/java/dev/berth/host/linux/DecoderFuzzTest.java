package dev.berth.host.linux;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.berth.host.HolderEvidence;
import dev.berth.model.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that no kernel and no program sends: decoded to something, or refused in the way that their callers expect. The seeds
 * are what Linux 6.18 does send.
 */
class DecoderFuzzTest {
    private static final String DONE = "140000000300020001000000b70a000000000000";

    /** A listener, the end of the dump, and the rest of another answer. */
    private static final String LISTENERS =
            "7c0000001400020001000000b70a0000020a0000e85d00007f000001000000000000000000000000000000000000000000000000"
                    + "0000000000000000011000000000000000000000000000008000000000000000d7e70000050008000000000008000f00"
                    + "000000000c00150001000000000000000600160052000000"
                    + "840000001400020001000000b70a00000a0a000096bf000000000000000000000000000000000001000000000000000000000000"
                    + "0000000000000000041000000000000000000000000000008000000000000000dee70000050008000000000005000b00"
                    + "0100000008000f00000000000c00150001000000000000000600160012000000" + DONE;

    /** A connection with its {@code tcp_info}. */
    private static final String CONNECTION =
            "980100001400020001000000a036000002010000e5afe3127f0000010000000000000000000000007f000001000000000000000000000000"
                    + "0000000090042500000000000000000000000000000000000000000028fa8e01050008000000000008000f00000000000c001500"
                    + "010000000000000006001600520000001c010200010000000007aa01e01c03000000000000800000180200000000000000000000"
                    + "00000000000000000000000000000000000000000000ffff0000cbff0000190000000d000000ffffff7f0b000000cbff00000300"
                    + "000000000000cbff000000000000fdb54f1308000000ffffffffffffffff05000000000000000000000000000000010000000300"
                    + "0000000000000b0000000000000001000000a28b8eb1" + "00".repeat(160);

    private static final String REFUSED =
            "5c0000000200000001000000b70a0000feffffff480000001400010301000000000000000306000000040000000000000000000000"
                    + "0000000000000000000000000000000000000000000000000000000000000000000000ffffffffffffffff";

    private static final String DESTROYED =
            "6000000014000000000000000000000002070000a7c700000000000000000000000000000000000000000000000000000000000000000000"
                    + "0000000019000000000000000000000000000000ffffffff000000000000000005000a0011000000";

    static Stream<byte[]> netlink() {
        return Stream.of(LISTENERS, CONNECTION, REFUSED, DESTROYED, DONE).map(HexFormat.of()::parseHex);
    }

    @MethodSource
    @FuzzTest(maxDuration = "3m")
    void netlink(byte[] bytes) {
        ByteBuffer datagram = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int sequence = bytes.length >= 12 ? datagram.getInt(8) : 0;
        new NetlinkReply(sequence).accept(datagram, bytes.length, (from, at, end) -> {
            InetDiag.decode(Protocol.TCP, from, at, end);
            InetDiag.traffic(from, at, end);
            InetDiag.protocol(from, at, end);
        });
        DestroyEvents.walk(datagram, bytes.length, (port, cookie) -> {});
    }

    static Stream<byte[]> proc() {
        return Stream.of(
                        // stat, of a process whose name is a trap, and of one that has ended
                        "19410 (a) R 1 (x\n y) S 19369 19325 21974 0 -1 4194368 295 0 0 0 0 0 0 0 20 0 1 0 334174 18558976"
                                + " 2808 18446744073709551615 94320690544640 94320690544981 140720469610000 0 0 0 0 16781312"
                                + " 2 1 0 0 17 1 0 0 0 0 0 94320690556336 94320690556952 94321115643904 140720469612567"
                                + " 140720469612623 140720469612623 140720469614543 0\n",
                        "19410 (python3) Z 19369 19325 21974 0 -1 4228172 295 0 0 0 0 0 0 0 20 0 1 0 334174 0 0"
                                + " 18446744073709551615 0 0 0 0 0 0 0 16781312 2 1 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 9\n",
                        // cmdline, environ
                        "sh\0-c\0echo  a b\0\0x\0",
                        "HOME=/root\0BERTH_SERVICE=default/backend\0BERTH_SERVICE=x\0=odd\0noequals\0A=a=b\0",
                        // status, statm, stat and uptime of the machine, cgroup, a link of fd
                        "Name:\tsudo\nUmask:\t0022\nState:\tS (sleeping)\nPid:\t23581\nUid:\t1000\t0\t0\t0\nGid:\t0\t0\t0\t0\n",
                        "1423 502 301 12 0 230 0\n",
                        "cpu  1 2 3\nctxt 1295016\nbtime 1795244749\nprocesses 23589\n",
                        "1234.56 4321.00\n",
                        "0::/user.slice/user-1000.slice/session-2.scope\n",
                        "socket:[123456]",
                        "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000:Ann,,,:/home/ann:/bin/sh\n+::::::\n# a comment\n",
                        // auxv: AT_PAGESZ, AT_CLKTCK, AT_NULL
                        "\6\0\0\0\0\0\0\0\0\20\0\0\0\0\0\0\21\0\0\0\0\0\0\0d\0\0\0\0\0\0\0" + "\0".repeat(16))
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource
    @FuzzTest(maxDuration = "3m")
    void proc(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        try {
            ProcStat.parse(text);
        } catch (IllegalArgumentException malformed) {
            // What readers expect of a file that is not what it was.
        }
        ProcText.commandLine(text);
        ProcText.environment(text, Set.of("A", "BERTH_SERVICE"));
        ProcText.variable(text, "A");
        ProcText.uptimeSeconds(text);
        ProcText.residentPages(text);
        ProcText.effectiveUid(text);
        ProcText.bootSeconds(text);
        ProcText.ticksPerSecond(bytes);
        ProcText.pageBytes(bytes);
        ProcText.passwd(List.of(text.split("\n")));
        ProcText.socketInode(text);
        HolderEvidence.cgroupPaths(text);
    }
}
