package dev.berth.host.linux;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How many internet sockets there are, as {@code /proc/net/sockstat} and {@code sockstat6} tell it. The kernel counts at the
 * moment at which a socket begins to listen, gets its port over UDP, is connected, or ceases to be so. Pure.
 *
 * @param tcp sockets over IPv4 that listen or are connected
 * @param tcp6 as {@code tcp}, over IPv6
 * @param udp sockets over IPv4 with a port
 * @param udp6 as {@code udp}, over IPv6
 * @param tcpAllocated every TCP socket, whatever its state; unlike the others of all network namespaces together
 * @param used every socket of every kind, those within the machine included
 */
record SocketCounts(long tcp, long tcp6, long udp, long udp6, long tcpAllocated, long used) {
    /** Of numbers that surely fit a long. */
    private static final int MOST_DIGITS = 18;

    /**
     * May another set of sockets serve than when those were counted? What is counted most exactly is hidden where a connection
     * ends, and keeps its descriptors, as a socket begins to listen. That one was made a moment before, which makes both of the
     * last two counts grow; each by itself is always changing somewhere.
     */
    boolean differFrom(SocketCounts before) {
        return tcp != before.tcp
                || tcp6 != before.tcp6
                || udp != before.udp
                || udp6 != before.udp6
                || tcpAllocated != before.tcpAllocated && used != before.used;
    }

    /**
     * @param sockstat6 empty where the kernel has no IPv6, and so no sockets of it
     * @return empty when anything is lacking
     */
    static Optional<SocketCounts> parse(String sockstat, Optional<String> sockstat6) {
        OptionalLong tcp = number(sockstat, "TCP: ", "inuse ");
        OptionalLong allocated = number(sockstat, "TCP: ", "alloc ");
        OptionalLong udp = number(sockstat, "UDP: ", "inuse ");
        OptionalLong used = number(sockstat, "sockets: ", "used ");
        OptionalLong none = OptionalLong.of(0);
        OptionalLong tcp6 =
                sockstat6.map(text -> number(text, "TCP6: ", "inuse ")).orElse(none);
        OptionalLong udp6 =
                sockstat6.map(text -> number(text, "UDP6: ", "inuse ")).orElse(none);
        boolean whole = Stream.of(tcp, allocated, udp, used, tcp6, udp6).allMatch(OptionalLong::isPresent);
        return whole
                ? Optional.of(new SocketCounts(
                        tcp.getAsLong(),
                        tcp6.getAsLong(),
                        udp.getAsLong(),
                        udp6.getAsLong(),
                        allocated.getAsLong(),
                        used.getAsLong()))
                : Optional.empty();
    }

    private static OptionalLong number(String text, String line, String name) {
        int start = text.startsWith(line) ? 0 : text.indexOf("\n" + line) + 1;
        int end = text.indexOf('\n', start);
        int at = text.indexOf(name, start);
        if (!text.startsWith(line, start) || at < 0 || at > end) {
            return OptionalLong.empty();
        }
        int from = at + name.length();
        int to = from;
        while (to < text.length() && Character.isDigit(text.charAt(to))) {
            to++;
        }
        return to == from || to - from > MOST_DIGITS
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(text, from, to, 10));
    }
}
