package dev.berth.host.linux;

import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every serving socket, kept from tick to tick. A tick in which nothing changed decodes nothing and allocates next to
 * nothing: the kernel tells its sockets in the same order each time, so whole datagrams are compared with those of the look
 * before, and where one differs, each socket with the one at its place before.
 *
 * <p>Belongs to the ticking thread, {@link #portOf} aside.
 */
final class SocketTable {
    /**
     * After the kernel said that it has no diag module for a protocol: asking makes it look for the module each time, which
     * starts a process.
     */
    private static final long UNSUPPORTED_NANOS = 60_000_000_000L;

    static final Ownership NEW = new Ownership.Unseen("its process is being looked for", true);
    static final Ownership NO_INODE = new Ownership.Unseen(
            "no process has a descriptor of it: the kernel itself holds it, or its process is closing it", false);

    private final Map<Long, TrackedSocket> byCookie = new HashMap<>();
    /** Read by the thread of the destroy notifications; forgets a socket one tick late, as the notification may come after. */
    private final Map<Long, PortKey> ports = new ConcurrentHashMap<>();

    private final DatagramCache.OfDumps known = new DatagramCache.OfDumps();
    private final Map<Protocol, Unsupported> unsupported = new EnumMap<>(Protocol.class);
    private List<TrackedSocket> sockets = new ArrayList<>();
    private List<TrackedSocket> previous = new ArrayList<>();
    private List<TrackedSocket> fresh = new ArrayList<>();
    private final Set<Long> freshCookies = new HashSet<>();
    private final List<Long> forget = new ArrayList<>();
    private boolean changed = true;
    private long tick;

    /** Where the sockets come from. */
    @FunctionalInterface
    interface Dumps {
        /** Tells every serving socket of one family; answers in how many datagrams. */
        int dumpServing(int family, Protocol protocol, NetlinkSocket.Collector collector) throws NetlinkException;
    }

    private record Unsupported(long since, String reason) {}

    /**
     * Looks at all of them. When it fails, the table is as it was before.
     *
     * @param now monotonic nanoseconds
     */
    void look(Dumps kernel, long now) throws NetlinkException {
        tick++;
        List<TrackedSocket> reuse = previous;
        previous = sockets;
        sockets = reuse;
        sockets.clear();
        fresh = new ArrayList<>();
        freshCookies.clear();
        try {
            Cursor cursor = new Cursor();
            sweep(kernel, Protocol.TCP, cursor, now);
            sweep(kernel, Protocol.UDP, cursor, now);
            settle(cursor);
        } catch (NetlinkException e) {
            sockets = previous;
            previous = new ArrayList<>();
            known.clear();
            fresh = List.of();
            changed = false;
            throw e;
        }
    }

    /** A look was left out, because it would tell what the one before told. */
    void repeat() {
        fresh = List.of();
        changed = false;
    }

    private void sweep(Dumps kernel, Protocol protocol, Cursor cursor, long now) throws NetlinkException {
        Unsupported before = unsupported.get(protocol);
        if (before != null && now - before.since() < UNSUPPORTED_NANOS) {
            return;
        }
        try {
            sweep(kernel, InetDiag.AF_INET, protocol, cursor);
            unsupported.remove(protocol);
        } catch (NetlinkException e) {
            if (protocol == Protocol.TCP || !e.isUnsupported()) {
                throw e;
            }
            unsupported.put(protocol, new Unsupported(now, String.valueOf(e.getMessage())));
            return;
        }
        try {
            sweep(kernel, InetDiag.AF_INET6, protocol, cursor);
        } catch (NetlinkException e) {
            // A kernel without IPv6 has no IPv6 sockets either.
            if (!e.isUnsupported()) {
                throw e;
            }
        }
    }

    private void sweep(Dumps kernel, int family, Protocol protocol, Cursor cursor) throws NetlinkException {
        Sweep first = new Sweep(protocol, cursor, known.of(family, protocol), false);
        int datagrams = kernel.dumpServing(family, protocol, first);
        if (datagrams > 1 && lacksAny(family, protocol, cursor)) {
            // Between two datagrams the kernel lets go of its tables, and a socket that closes can make it skip its
            // neighbour. "Gone" must not be a slip: only what two looks did not tell is gone.
            cursor.disorder();
            kernel.dumpServing(family, protocol, new Sweep(protocol, cursor, new DatagramCache(), true));
        }
    }

    private boolean lacksAny(int family, Protocol protocol, Cursor cursor) {
        if (!cursor.disorder) {
            // Sockets of one dump stand together: if any is lacking, it is the next one.
            return cursor.at < previous.size() && isOf(previous.get(cursor.at), family, protocol);
        }
        for (TrackedSocket socket : previous) {
            if (socket.seenInTick != tick && isOf(socket, family, protocol)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(TrackedSocket socket, int family, Protocol protocol) {
        return socket.socket().protocol() == protocol && socket.socket().ipv6() == (family == InetDiag.AF_INET6);
    }

    private void settle(Cursor cursor) {
        changed = cursor.disorder || cursor.at != previous.size();
        forget.forEach(ports::remove);
        forget.clear();
        if (!changed) {
            List<TrackedSocket> empty = sockets;
            sockets = previous;
            previous = empty;
            return;
        }
        cursor.disorder();
        for (TrackedSocket old : previous) {
            if (old.seenInTick != tick) {
                old.alive = false;
                forget.add(old.socket().cookie());
                byCookie.remove(old.socket().cookie(), old);
            }
        }
        for (TrackedSocket socket : fresh) {
            byCookie.put(socket.socket().cookie(), socket);
            ports.put(socket.socket().cookie(), socket.socket().key());
        }
        // A UDP socket that was bound anew keeps its cookie.
        forget.removeIf(byCookie::containsKey);
    }

    /** Every socket of the last look. */
    List<TrackedSocket> sockets() {
        return sockets;
    }

    /** Those that the look before did not have. */
    List<TrackedSocket> fresh() {
        return fresh;
    }

    /** Did the last look differ from the one before? */
    boolean changed() {
        return changed;
    }

    /** Why the protocol can't be seen; empty when it can. */
    Optional<String> unsupported(Protocol protocol) {
        return Optional.ofNullable(unsupported.get(protocol)).map(Unsupported::reason);
    }

    /** The port of a serving socket seen in this look or the one before. For any thread. */
    Optional<PortKey> portOf(long cookie) {
        return Optional.ofNullable(ports.get(cookie));
    }

    /** The place in the look before at which the next socket is expected. */
    private final class Cursor {
        int at;
        boolean disorder;

        /** How many sockets this look has so far. */
        int size() {
            return disorder ? sockets.size() : at;
        }

        /** As long as all came as before, nothing is written down: those before the cursor are this look's. */
        void disorder() {
            if (!disorder) {
                disorder = true;
                previous.subList(0, at).forEach(SocketTable.this::take);
            }
        }
    }

    private void take(TrackedSocket socket) {
        socket.seenInTick = tick;
        sockets.add(socket);
    }

    private final class Sweep implements NetlinkSocket.Collector {
        private final Protocol protocol;
        private final Cursor cursor;
        private final DatagramCache known;
        private final int startAt;
        private final int startSize;
        private final int startFresh;
        /** A second look, which adds what the first one lacked. */
        private final boolean second;
        // Of the datagram that is being read.
        private int messages;
        private int sizeBefore;

        Sweep(Protocol protocol, Cursor cursor, DatagramCache known, boolean second) {
            this.protocol = protocol;
            this.cursor = cursor;
            this.known = known;
            this.startAt = cursor.at;
            this.startSize = cursor.size();
            this.startFresh = fresh.size();
            this.second = second;
        }

        @Override
        public void begin() {
            known.begin();
            cursor.at = startAt;
            if (!cursor.disorder) {
                return;
            }
            for (TrackedSocket undone : sockets.subList(startSize, sockets.size())) {
                undone.seenInTick = tick - 1;
            }
            sockets.subList(startSize, sockets.size()).clear();
            List<TrackedSocket> unmade = fresh.subList(startFresh, fresh.size());
            unmade.forEach(socket -> freshCookies.remove(socket.socket().cookie()));
            unmade.clear();
        }

        @Override
        public boolean repeats(ByteBuffer datagram, int length) {
            messages = 0;
            sizeBefore = cursor.size();
            int count = cursor.disorder ? 0 : known.repeats(datagram, length, tick, cursor.at);
            cursor.at += count;
            return count > 0;
        }

        @Override
        public void told(ByteBuffer datagram, int length) {
            int count = cursor.size() - sizeBefore;
            known.told(datagram, length, tick, sizeBefore, count == messages ? count : 0);
        }

        @Override
        public void message(ByteBuffer from, int at, int end) {
            messages++;
            int port = InetDiag.localPort(from, at);
            if (port == 0) {
                // A UDP socket between its creation and its bind.
                return;
            }
            long cookie = InetDiag.cookie(from, at);
            long bits = InetDiag.addressBits(from, at);
            long uid = InetDiag.uid(from, at);
            long inode = InetDiag.inode(from, at);
            TrackedSocket expected = !second && cursor.at < previous.size() ? previous.get(cursor.at) : null;
            if (expected != null && expected.matches(cookie, port, bits, uid, inode)) {
                if (cursor.disorder) {
                    take(expected);
                }
                cursor.at++;
                return;
            }
            cursor.disorder();
            TrackedSocket known = byCookie.get(cookie);
            if (known != null && known.seenInTick == tick || freshCookies.contains(cookie)) {
                return;
            }
            if (known != null && known.matches(cookie, port, bits, uid, inode)) {
                cursor.at = second ? cursor.at : after(known);
                take(known);
                return;
            }
            InetSocket socket = InetDiag.decode(protocol, from, at, end);
            TrackedSocket created = new TrackedSocket(socket, bits, inode == 0 ? NO_INODE : NEW);
            fresh.add(created);
            freshCookies.add(cookie);
            take(created);
        }

        /** Goes on behind the socket that was met, so that one that went or came does not make all others look it up. */
        private int after(TrackedSocket known) {
            int limit = Math.min(previous.size(), cursor.at + 64);
            for (int i = cursor.at; i < limit; i++) {
                if (previous.get(i) == known) {
                    return i + 1;
                }
            }
            return cursor.at;
        }
    }
}
