package dev.berth.notify;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where notifications may go: a host or {@code host:port}, an address, or a network such as {@code 10.0.0.0/8}. Its name alone
 * does not open what is not public: whoever answers for a name could point it at this machine or its neighbours, so such an
 * address has to be allowed itself.
 */
public record AllowList(List<String> entries) {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    public AllowList {
        entries = List.copyOf(entries);
    }

    static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "https".equalsIgnoreCase(url.getScheme()) ? HTTPS : HTTP;
    }

    static String host(URI url) {
        String host = Optional.ofNullable(url.getHost()).orElse("").toLowerCase(Locale.ROOT);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** Why nothing may be sent to the host, whatever its address; empty when that is allowed. */
    public Optional<String> refusal(URI url) {
        return entries.stream().anyMatch(entry -> names(entry, url))
                ? Optional.empty()
                : Optional.of("notifications.allow does not name " + host(url) + ":" + port(url));
    }

    /** Why nothing may be sent to the address that the host's name leads to now. */
    public Optional<String> refusal(URI url, InetAddress address) {
        if (isPublic(address) || entries.stream().anyMatch(entry -> opens(entry, url, address))) {
            return Optional.empty();
        }
        return Optional.of(host(url) + " is at " + address.getHostAddress()
                + ", which is not a public address: notifications.allow has to name the address itself");
    }

    private static boolean names(String entry, URI url) {
        if (entry.indexOf('/') >= 0) {
            return literal(host(url))
                    .filter(address -> contains(entry, address))
                    .isPresent();
        }
        return matchesPort(entry, url) && hostOf(entry).equals(host(url));
    }

    private static boolean opens(String entry, URI url, InetAddress address) {
        if (entry.indexOf('/') >= 0) {
            return contains(entry, address);
        }
        if (!matchesPort(entry, url)) {
            return false;
        }
        String host = hostOf(entry);
        return literal(host).filter(address::equals).isPresent()
                || (host.equals("localhost") && host(url).equals("localhost") && address.isLoopbackAddress());
    }

    private static boolean matchesPort(String entry, URI url) {
        return portOf(entry).isEmpty() || portOf(entry).get() == port(url);
    }

    /** Its bare host, without brackets. */
    private static String hostOf(String entry) {
        String lower = entry.toLowerCase(Locale.ROOT);
        if (lower.startsWith("[")) {
            return lower.substring(1, Math.max(1, lower.indexOf(']')));
        }
        int colon = lower.indexOf(':');
        boolean one = colon >= 0 && colon == lower.lastIndexOf(':');
        return one ? lower.substring(0, colon) : lower;
    }

    private static Optional<Integer> portOf(String entry) {
        int colon = entry.lastIndexOf(':');
        boolean bracketed = entry.startsWith("[");
        boolean has = bracketed ? colon > entry.indexOf(']') : colon >= 0 && colon == entry.indexOf(':');
        return has ? Optional.of(Integer.valueOf(entry.substring(colon + 1))) : Optional.empty();
    }

    private static boolean contains(String network, InetAddress address) {
        int slash = network.indexOf('/');
        Optional<InetAddress> base = literal(network.substring(0, slash));
        if (base.isEmpty()) {
            return false;
        }
        int bits = Integer.parseInt(network.substring(slash + 1));
        byte[] wanted = base.get().getAddress();
        byte[] given = address.getAddress();
        if (wanted.length != given.length || bits < 0 || bits > wanted.length * Byte.SIZE) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((wanted[bit / Byte.SIZE] & mask) != (given[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** An address that is written as one; no name is looked up. */
    private static Optional<InetAddress> literal(String text) {
        if (!text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException none) {
            return Optional.empty();
        }
    }

    private static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean shared = bytes.length == 4 && (first == 0 || first >= 240 || (first == 100 && (second & 0xc0) == 64));
        // fc00::/7, and what only translates to an address of the older kind (64:ff9b::/96, 2002::/16).
        boolean local = bytes.length == 16
                && ((first & 0xfe) == 0xfc || (first == 0 && second == 0x64) || (first == 0x20 && second == 0x02));
        return !(shared
                || local
                || address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress());
    }
}
