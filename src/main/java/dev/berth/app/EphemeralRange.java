package dev.berth.app;

import dev.berth.host.linux.Sysctl;
import dev.berth.model.PortRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The range that the kernel takes ports for outgoing connections from. */
final class EphemeralRange {
    private static final Pattern FORM = Pattern.compile("(\\d{1,5})\\s+(\\d{1,5})");

    private EphemeralRange() {}

    /** Empty where the system doesn't tell. */
    static Optional<PortRange> read() {
        return Sysctl.read("net/ipv4/ip_local_port_range")
                .map(FORM::matcher)
                .filter(Matcher::matches)
                .map(bounds -> new PortRange(Integer.parseInt(bounds.group(1)), Integer.parseInt(bounds.group(2))));
    }
}
