package dev.berth.host;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Addresses as text: dotted for IPv4 (and IPv4 inside IPv6), RFC 5952 for IPv6, without brackets. */
public final class AddressText {
    private AddressText() {}

    /** The address as sock_diag's answers are told, so that texts can be compared. */
    public static String of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        if (address instanceof Inet6Address v6) {
            return v6(bytes, 0, v6.getScopeId());
        }
        return v4(bytes, 0);
    }

    /** @param at where four bytes in network order stand */
    public static String v4(ByteBuffer bytes, int at) {
        return (bytes.get(at) & 0xff)
                + "."
                + (bytes.get(at + 1) & 0xff)
                + "."
                + (bytes.get(at + 2) & 0xff)
                + "."
                + (bytes.get(at + 3) & 0xff);
    }

    /**
     * @param at where sixteen bytes in network order stand
     * @param scope the interface's number, told for link-local addresses only; 0 means none
     */
    public static String v6(ByteBuffer bytes, int at, int scope) {
        if (isMapped(bytes, at)) {
            return v4(bytes, at + 12);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes.get(at + 2 * i) & 0xff) << 8 | bytes.get(at + 2 * i + 1) & 0xff;
        }
        String text = compressed(groups);
        boolean linkLocal = (groups[0] & 0xffc0) == 0xfe80;
        return linkLocal && scope != 0 ? text + "%" + scope : text;
    }

    private static boolean isMapped(ByteBuffer bytes, int at) {
        for (int i = 0; i < 10; i++) {
            if (bytes.get(at + i) != 0) {
                return false;
            }
        }
        return bytes.get(at + 10) == -1 && bytes.get(at + 11) == -1;
    }

    /** The longest run of two or more zero groups, the first of equal ones, becomes {@code ::}. */
    private static String compressed(int[] groups) {
        int best = 0;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                best = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (length > 1 && i == best) {
                text.append("::");
                i += length - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
