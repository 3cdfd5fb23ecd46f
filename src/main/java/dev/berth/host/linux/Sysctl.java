package dev.berth.host.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads small files of {@code /proc/sys}. */
public final class Sysctl {
    /** A few numbers or one name. */
    private static final int MOST_BYTES = 256;
    /** Before Linux 4.11 it was fixed. */
    private static final int FIXED_FIRST_UNPRIVILEGED = 1024;

    private Sysctl() {}

    /** The lowest port that every user may bind. */
    public static int firstUnprivilegedPort() {
        return read("net/ipv4/ip_unprivileged_port_start")
                .filter(text -> text.matches("\\d{1,5}"))
                .map(Integer::valueOf)
                .orElse(FIXED_FIRST_UNPRIVILEGED);
    }

    /**
     * The value as text, stripped; empty where there is none or it can't be read. Taken in one read, because the kernel
     * answers the first read of numbers only, and {@link Files#readString} begins with a single byte.
     */
    public static Optional<String> read(String name) {
        try (InputStream source = Files.newInputStream(Path.of("/proc/sys").resolve(name))) {
            return Optional.of(new String(source.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII).strip());
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }
}
