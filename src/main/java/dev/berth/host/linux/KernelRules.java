package dev.berth.host.linux;

import dev.berth.model.PortRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's rules about local ports, as they stand now.
 *
 * @param ephemeral where outgoing connections get their local ports; empty when it can't be read
 * @param privilegedBelow binding below it takes CAP_NET_BIND_SERVICE
 * @param mayBindPrivileged Berth has that capability
 * @param showsBound the kernel tells sockets that are bound and do not listen
 */
record KernelRules(Optional<PortRange> ephemeral, int privilegedBelow, boolean mayBindPrivileged, boolean showsBound) {
    private static final int CAP_NET_BIND_SERVICE = 10;

    static KernelRules read(boolean showsBound) {
        return new KernelRules(
                Sysctl.read("net/ipv4/ip_local_port_range").flatMap(KernelRules::range),
                Sysctl.firstUnprivilegedPort(),
                text("/proc/self/status")
                        .map(status -> hasCapability(status, CAP_NET_BIND_SERVICE))
                        .orElse(false),
                showsBound);
    }

    private static Optional<String> text(String path) {
        try {
            return Optional.of(Files.readString(Path.of(path), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** {@code 32768	60999}. */
    static Optional<PortRange> range(String text) {
        List<String> ends = List.of(text.strip().split("\\s+"));
        return ends.size() == 2
                ? Optional.of(new PortRange(Integer.parseInt(ends.get(0)), Integer.parseInt(ends.get(1))))
                : Optional.empty();
    }

    /** Looks at the CapEff line of {@code /proc/PID/status}. */
    static boolean hasCapability(String status, int capability) {
        return status.lines()
                .filter(line -> line.startsWith("CapEff:"))
                .anyMatch(line -> (Long.parseUnsignedLong(
                                                line.substring("CapEff:".length())
                                                        .strip(),
                                                16)
                                        >>> capability
                                & 1)
                        != 0);
    }

    boolean isEphemeral(int port) {
        return ephemeral.filter(range -> range.contains(port)).isPresent();
    }
}
