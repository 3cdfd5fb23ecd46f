package dev.berth.host.linux;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.berth.model.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Bytes that no kernel and no program sends: decoded to something, or refused in the way that their callers expect. */
class DecoderFuzzTest {
    @FuzzTest(maxDuration = "3m")
    void netlink(byte[] bytes) {
        ByteBuffer datagram = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int sequence = bytes.length >= 12 ? datagram.getInt(8) : 0;
        new NetlinkReply(sequence).accept(datagram, bytes.length, (from, at, end) -> {
            InetDiag.decode(Protocol.TCP, from, at, end);
            InetDiag.traffic(from, at, end);
            InetDiag.protocol(from, at, end);
        });
    }

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
        ProcText.passwd(List.of(text.split("\n")));
        ProcText.socketInode(text);
    }
}
