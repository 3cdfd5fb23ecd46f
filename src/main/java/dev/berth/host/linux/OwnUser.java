package dev.berth.host.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who this program runs as. The JDK answers uid 0 where {@code /etc/passwd} does not name the user, as in containers that run
 * under any uid, and that would be root.
 */
public final class OwnUser {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String LINE = "Uid:";
    /** After the name: real, effective, saved, of the file system. */
    private static final int EFFECTIVE = 2;

    private OwnUser() {}

    /**
     * The effective uid, from the kernel.
     *
     * @throws IOException when {@code /proc} can't be read
     */
    public static long uid() throws IOException {
        String line = Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
                .filter(each -> each.startsWith(LINE))
                .findFirst()
                .orElseThrow(() -> new IOException(STATUS + " names no user"));
        return Long.parseLong(line.split("\\s+")[EFFECTIVE]);
    }
}
