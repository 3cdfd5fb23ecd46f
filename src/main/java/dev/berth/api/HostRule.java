package dev.berth.api;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Is the Host of a request one of ours, with our port? A name that a stranger's DNS points at loopback (rebinding) is not.
 * Addresses are compared in the spellings that browsers send, never by prefix.
 */
final class HostRule {
    private static final Pattern FORM =
            Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9.-]{1,253})(?::(\\d{1,5}))?");
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final int HTTP_DEFAULT_PORT = 80;
    private static final int LARGEST_OCTET = 255;

    private HostRule() {}

    /**
     * @param host the Host header; empty when the request has none
     * @param port where we listen
     * @param allowed more names, with any port
     * @return why it is refused; empty when it is ours
     */
    static Optional<String> refusal(Optional<String> host, int port, Collection<String> allowed) {
        if (host.isEmpty()) {
            return Optional.of("the request has no Host header; Berth answers to its own names only");
        }
        Matcher matcher = FORM.matcher(host.get());
        if (!matcher.matches()) {
            return Optional.of(notOurs(host.get(), port));
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        if (allowed.stream().anyMatch(one -> one.toLowerCase(Locale.ROOT).equals(name))) {
            return Optional.empty();
        }
        int given = matcher.group(2) == null ? HTTP_DEFAULT_PORT : Integer.parseInt(matcher.group(2));
        boolean ours = (name.equals("localhost") || name.equals("[::1]") || isLoopbackV4(name)) && given == port;
        return ours ? Optional.empty() : Optional.of(notOurs(host.get(), port));
    }

    private static boolean isLoopbackV4(String name) {
        Matcher matcher = LOOPBACK_V4.matcher(name);
        if (!matcher.matches()) {
            return false;
        }
        for (int group = 1; group <= matcher.groupCount(); group++) {
            if (Integer.parseInt(matcher.group(group)) > LARGEST_OCTET) {
                return false;
            }
        }
        return true;
    }

    private static String notOurs(String host, int port) {
        return "the Host is \"" + host + "\"; Berth answers to localhost:" + port + ", 127.0.0.1:" + port
                + " and [::1]:" + port + ", and to what the setting allowedHosts names";
    }
}
