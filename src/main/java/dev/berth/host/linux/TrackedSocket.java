package dev.berth.host.linux;

import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.ProcessRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the observer remembers of one serving socket from tick to tick. Belongs to the ticking thread. */
final class TrackedSocket {
    private static final Comparator<Holding> OLDEST_FIRST = Comparator.<Holding>comparingLong(
                    holding -> holding.process().startTicks())
            .thenComparingLong(holding -> holding.process().pid());

    private final InetSocket socket;
    private final long addressBits;
    private final List<Holding> holdings = new ArrayList<>(1);
    private Listener listener;

    /** The last tick in which the kernel told the socket. */
    long seenInTick;
    /** False once the socket has gone. */
    boolean alive = true;
    /** When {@link ProofRound} had its holders proven last, monotonic nanoseconds. */
    long provenAt;
    /** When it had other holders than now, or more than one, last; monotonic nanoseconds. */
    long unsettledAt;
    /** Set while a search has it on its list. */
    boolean queued;
    /** How many whole searches found nobody, in a row. */
    int failures;
    /** Not searched again before this, monotonic nanoseconds. */
    long searchAfter;

    /** @param descriptor the number under which the process has the socket open */
    record Holding(ProcessRef process, int descriptor) {}

    TrackedSocket(InetSocket socket, long addressBits, Ownership ownership) {
        this.socket = socket;
        this.addressBits = addressBits;
        this.listener = socket.listener(ownership);
    }

    InetSocket socket() {
        return socket;
    }

    Listener listener() {
        return listener;
    }

    List<Holding> holdings() {
        return holdings;
    }

    /** Only sockets with an inode can be found among descriptors. */
    boolean isSearchable() {
        return socket.inode().isPresent();
    }

    long inode() {
        return socket.inode().orElseThrow();
    }

    /** Is it still the socket that was decoded, address and creator included? */
    boolean matches(long cookie, int port, long bits, long uid, long inode) {
        return socket.cookie() == cookie
                && socket.localPort() == port
                && addressBits == bits
                && socket.uid() == uid
                && socket.inode().orElse(0) == inode;
    }

    boolean isHeldBy(long pid) {
        for (Holding holding : holdings) {
            if (holding.process().pid() == pid) {
                return true;
            }
        }
        return false;
    }

    void add(Holding holding) {
        holdings.add(holding);
        holdings.sort(OLDEST_FIRST);
        publish(new Ownership.Held(holdings.stream().map(Holding::process).toList()));
    }

    /** After holdings were removed; at least one is left. */
    void republish() {
        publish(new Ownership.Held(holdings.stream().map(Holding::process).toList()));
    }

    /** @return whether that was news */
    boolean publish(Ownership ownership) {
        if (ownership.equals(listener.ownership())) {
            return false;
        }
        listener = socket.listener(ownership);
        return true;
    }
}
