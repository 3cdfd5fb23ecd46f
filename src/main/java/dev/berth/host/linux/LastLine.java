package dev.berth.host.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The last line of what a program says, kept without keeping the rest. */
final class LastLine {
    /** More than anybody reads of one line, in bytes. */
    private static final int KEPT = 1024;

    /** So that one that never stops talking does not hold who listens. */
    private static final int TAKEN_AT_ONCE = 1024 * 1024;

    private byte[] end = new byte[0];

    /** Takes what is there now; does not wait. */
    void take(InputStream in) throws IOException {
        int taken = 0;
        for (int ready = in.available(); ready > 0 && taken < TAKEN_AT_ONCE; ready = in.available()) {
            byte[] more = in.readNBytes(ready);
            taken += more.length;
            byte[] both = new byte[end.length + more.length];
            System.arraycopy(end, 0, both, 0, end.length);
            System.arraycopy(more, 0, both, end.length, more.length);
            int from = Math.max(0, both.length - KEPT);
            end = Arrays.copyOfRange(both, from, both.length);
        }
    }

    /** Without what would not be seen; empty when nothing was said. */
    String text() {
        String[] lines = new String(end, StandardCharsets.UTF_8).strip().split("\\R");
        return lines[lines.length - 1].strip();
    }
}
