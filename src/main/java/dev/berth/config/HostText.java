package dev.berth.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the address that a service wants to listen on: numeric, or {@code localhost}. Names are never looked up. */
final class HostText {
    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");
    private static final Pattern LOOKS_LIKE_IPV6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private static final String LOCALHOST = "localhost";
    private static final Set<String> LOOPBACK = Set.of(LOCALHOST, "127.0.0.1", "::1");

    private HostText() {}

    /** @param allowed the setting {@code bindHosts}; empty means any */
    static Optional<String> read(Fields fields, Fields.Given given, List<String> allowed) {
        String text = given.node().isTextual() ? given.node().textValue() : "";
        Optional<String> host = canonical(text);
        if (host.isEmpty()) {
            fields.faults()
                    .add(
                            given.path(),
                            "an address such as 127.0.0.1, 0.0.0.0, ::1 or :: is wanted, or localhost",
                            given.node());
        } else if (!allowed.isEmpty() && !isAllowed(host.get(), allowed)) {
            fields.faults()
                    .add(
                            given.path(),
                            "the setting bindHosts allows " + String.join(", ", allowed)
                                    + " only; say one of them, or leave host out",
                            given.node());
            return Optional.empty();
        }
        return host;
    }

    /** One spelling for one address; empty when the text is none. */
    static Optional<String> canonical(String text) {
        return text.equals(LOCALHOST) || IPV4.matcher(text).matches() ? Optional.of(text) : ipv6(text);
    }

    /** {@code localhost} is what the system makes of it: the loopback address of either family. */
    private static boolean isAllowed(String host, List<String> allowed) {
        if (allowed.contains(host)) {
            return true;
        }
        return host.equals(LOCALHOST)
                ? allowed.stream().anyMatch(LOOPBACK::contains)
                : LOOPBACK.contains(host) && allowed.contains(LOCALHOST);
    }

    private static Optional<String> ipv6(String text) {
        if (text.indexOf(':') < 0 || !LOOKS_LIKE_IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            // With a colon it is a literal, which is never looked up.
            byte[] address = InetAddress.getByName(text).getAddress();
            return Optional.of(
                    address.length == 4 ? InetAddress.getByAddress(address).getHostAddress() : shortest(address));
        } catch (UnknownHostException notOne) {
            return Optional.empty();
        }
    }

    /** One spelling for one address (RFC 5952), so that it can be compared with what the kernel's sockets say. */
    private static String shortest(byte[] address) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff;
        }
        int start = 0;
        int length = 0;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (length > 1 && i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
