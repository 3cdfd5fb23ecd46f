package dev.berth.app;

import dev.berth.model.PortRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The range that the kernel takes ports for outgoing connections from. */
final class EphemeralRange {
    private static final Path SOURCE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    private EphemeralRange() {}

    /** Empty where the system doesn't tell. */
    static Optional<PortRange> read() {
        if (!Files.isReadable(SOURCE)) {
            return Optional.empty();
        }
        try {
            String[] bounds = Files.readString(SOURCE).strip().split("\\s+");
            return Optional.of(new PortRange(Integer.parseInt(bounds[0]), Integer.parseInt(bounds[1])));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
