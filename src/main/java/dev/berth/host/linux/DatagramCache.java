package dev.berth.host.linux;

import dev.berth.model.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The datagrams of one dump as they were in the look before, and which sockets each told. A datagram that comes again byte
 * for byte tells the same sockets again, so that nobody need read it. Belongs to the ticking thread.
 */
final class DatagramCache {
    /** Of a datagram that does not tell one socket after the other: it is read each time. */
    private static final long NEVER = -1;

    private final List<Known> datagrams = new ArrayList<>();
    private int at;

    /** One for each dump of a look. */
    static final class OfDumps {
        private final Map<Protocol, DatagramCache> ipv4 = new EnumMap<>(Protocol.class);
        private final Map<Protocol, DatagramCache> ipv6 = new EnumMap<>(Protocol.class);

        DatagramCache of(int family, Protocol protocol) {
            Map<Protocol, DatagramCache> caches = family == InetDiag.AF_INET ? ipv4 : ipv6;
            DatagramCache known = caches.get(protocol);
            if (known == null) {
                known = new DatagramCache();
                caches.put(protocol, known);
            }
            return known;
        }

        /** Forgets everything, after a look that broke off. */
        void clear() {
            ipv4.clear();
            ipv6.clear();
        }
    }

    private static final class Known {
        ByteBuffer bytes = ByteBuffer.allocate(0);
        int length;
        long look;
        int from;
        int count;
    }

    /** A dump begins, or begins anew. */
    void begin() {
        at = 0;
    }

    /**
     * How many sockets the next datagram tells when it is the one that the look before had at this place; 0 otherwise, and
     * then it is to be read and {@linkplain #told told}.
     *
     * @param look the number of this look
     * @param from the place, among all sockets of the look before, of the next one that is expected
     */
    int repeats(ByteBuffer datagram, int length, long look, int from) {
        if (at == datagrams.size()) {
            return 0;
        }
        Known known = datagrams.get(at);
        if (known.look != look - 1
                || known.from != from
                || known.length != length
                || datagram.slice(0, length).mismatch(known.bytes.slice(0, length)) >= 0) {
            return 0;
        }
        known.look = look;
        at++;
        return known.count;
    }

    /** Keeps what a datagram told: {@code count} sockets, the first of them at the place {@code from} of this look; 0 for one to be read each time. */
    void told(ByteBuffer datagram, int length, long look, int from, int count) {
        if (at == datagrams.size()) {
            datagrams.add(new Known());
        }
        Known known = datagrams.get(at++);
        if (known.bytes.capacity() < length) {
            known.bytes = ByteBuffer.allocate(length);
        }
        known.bytes.put(0, datagram, 0, length);
        known.length = length;
        known.look = count == 0 ? NEVER : look;
        known.from = from;
        known.count = count;
    }
}
