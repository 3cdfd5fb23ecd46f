package dev.berth.host;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the host of a service means for a bind. Never asks a name server. */
public final class BindTargets {
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

    private BindTargets() {}

    /**
     * The addresses to bind: one, but for {@code localhost}, which programs take for 127.0.0.1, for ::1, or for both.
     *
     * @param host a numeric address, with or without brackets, or {@code localhost}
     * @return empty when it is neither
     */
    public static List<InetAddress> of(String host) {
        List<InetAddress> targets = new ArrayList<>();
        for (String text : host.equalsIgnoreCase("localhost") ? List.of("127.0.0.1", "::1") : List.of(host)) {
            numeric(text).ifPresent(targets::add);
        }
        return List.copyOf(targets);
    }

    private static Optional<InetAddress> numeric(String text) {
        try {
            if (text.indexOf(':') >= 0) {
                // In brackets the JDK takes nothing but a number.
                return Optional.of(InetAddress.getByName(text.startsWith("[") ? text : "[" + text + "]"));
            }
            Matcher ipv4 = IPV4.matcher(text);
            if (!ipv4.matches()) {
                return Optional.empty();
            }
            byte[] address = new byte[4];
            for (int i = 0; i < address.length; i++) {
                int part = Integer.parseInt(ipv4.group(i + 1));
                if (part > 255) {
                    return Optional.empty();
                }
                address[i] = (byte) part;
            }
            return Optional.of(InetAddress.getByAddress(address));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
