package dev.berth.plan;

import dev.berth.model.Listener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which addresses get into each other's way on one port, by the kernel's rules for sockets that share none. */
public final class Addresses {
    private static final String ANY_IPV4 = "0.0.0.0";
    private static final String ANY_IPV6 = "::";
    private static final String LOOPBACK = "127.0.0.1";
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private Addresses() {}

    /**
     * Would a program that binds {@code host} on the listener's port find it in its way? Ports and protocols are not
     * compared. What can't be told (a host that is a name, an address that can't be read) counts as in the way.
     *
     * @param host a numeric address, with or without brackets, or {@code localhost}, which means 127.0.0.1
     */
    public static boolean collides(String host, Listener listener) {
        if (host.equals(listener.address())) {
            return true;
        }
        Optional<String> wanted = canonical(host);
        Optional<String> taken = canonical(listener.address());
        return wanted.isEmpty()
                || taken.isEmpty()
                || collides(wanted.orElseThrow(), taken.orElseThrow(), listener.dualStack());
    }

    private static boolean collides(String wanted, String taken, boolean dualStack) {
        if (wanted.equals(taken) || wanted.equals(ANY_IPV6)) {
            return true;
        }
        if (isIpv6(wanted)) {
            return taken.equals(ANY_IPV6);
        }
        if (isIpv6(taken)) {
            return taken.equals(ANY_IPV6) && dualStack;
        }
        return wanted.equals(ANY_IPV4) || taken.equals(ANY_IPV4);
    }

    /** One spelling per address: no brackets or zone, IPv4-mapped ones as IPv4. Empty when it is not an address. */
    static Optional<String> canonical(String text) {
        if (IPV4.matcher(text).matches()) {
            return Optional.of(text);
        }
        if (text.equals("localhost")) {
            return Optional.of(LOOPBACK);
        }
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (bare.equals(ANY_IPV6)) {
            return Optional.of(ANY_IPV6);
        }
        if (bare.indexOf(':') < 0) {
            return Optional.empty();
        }
        int zone = bare.indexOf('%');
        try {
            // A text with a colon is read as an address and never looked up.
            InetAddress address = InetAddress.getByName(zone < 0 ? bare : bare.substring(0, zone));
            return Optional.of(
                    address.isAnyLocalAddress() && isIpv6(address.getHostAddress())
                            ? ANY_IPV6
                            : address.getHostAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static boolean isIpv6(String address) {
        return address.indexOf(':') >= 0;
    }
}
