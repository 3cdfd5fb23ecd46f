package dev.berth.health;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where to connect to.
 *
 * @param host a name or an address, without brackets
 */
record Endpoint(String host, int port) {
    private static final int MOST = 65_535;
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");

    /** Reads {@code 8000}, {@code localhost:8000} or {@code [::1]:8000}; empty when it is none of them. */
    static Optional<Endpoint> parse(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (!PORT.matcher(port).matches() || Integer.parseInt(port) > MOST || Integer.parseInt(port) == 0) {
            return Optional.empty();
        }
        String host = colon < 0 ? "localhost" : unbracketed(text.substring(0, colon));
        return host.isBlank() ? Optional.empty() : Optional.of(new Endpoint(host, Integer.parseInt(port)));
    }

    static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
