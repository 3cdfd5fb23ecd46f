package dev.berth.host.linux;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Brings every held socket round to have its holders proven, none later than its age allows, and spread over the ticks: so
 * that no tick pays for all of them. Belongs to the ticking thread.
 *
 * <p>A socket that one process alone has had for a while comes seldom. That process can lose it in three ways only: it ends,
 * or closes it, and nobody else has it, which the next look shows by the socket's own end; a child has inherited it, which is
 * found among new processes, so that the socket has two holders and comes often; or it was handed to a process that was there
 * already. The last is what may be told late, and no later than that.
 */
final class ProofRound {
    /**
     * How old a proof may get: two seconds, less what makes the looks at a settled machine, which come as often, never a moment
     * too early for it. Before anything is done to a process it is proven afresh anyway.
     */
    static final long AGE_NANOS = 1_900_000_000L;

    /** How old it may get of a socket that is settled with its one holder: every fifth of those looks. */
    static final long SETTLED_AGE_NANOS = 5 * AGE_NANOS;

    /** From then on it is: servers that hand a socket on to a child, or to their successor, do so as they start. */
    static final long SETTLES_AFTER_NANOS = 30_000_000_000L;

    private final Turns often = new Turns(AGE_NANOS);
    private final Turns seldom = new Turns(SETTLED_AGE_NANOS);
    private long lastNext;

    /** @param now monotonic nanoseconds, as everywhere here */
    ProofRound(long now) {
        this.lastNext = now;
    }

    /** The sockets that are proven equally often, in the order in which they were. */
    private static final class Turns {
        final Set<TrackedSocket> sockets = new LinkedHashSet<>();
        final long age;
        /** How many are to be proven so that all are spread evenly: a share of one is kept for the ticks to come. */
        double owed;

        Turns(long age) {
            this.age = age;
        }
    }

    /** A holder of it was found: all that is known of its holders was proven just now. One that comes often keeps its place. */
    void add(TrackedSocket socket, long now) {
        socket.unsettledAt = now;
        seldom.sockets.remove(socket);
        if (!often.sockets.contains(socket)) {
            append(socket, now);
        }
    }

    private void append(TrackedSocket socket, long now) {
        if (socket.holdings().size() != 1) {
            socket.unsettledAt = now;
        }
        socket.provenAt = now;
        (now - socket.unsettledAt >= SETTLES_AFTER_NANOS ? seldom : often).sockets.add(socket);
    }

    /** Gives those whose time has come, and so many of the next that all are spread evenly over the time. */
    void next(long now, Consumer<TrackedSocket> prove) {
        long passed = now - lastNext;
        lastNext = now;
        next(seldom, passed, now, prove);
        next(often, passed, now, prove);
    }

    private void next(Turns turns, long passed, long now, Consumer<TrackedSocket> prove) {
        turns.owed += turns.sockets.size() * Math.min(1, (double) passed / turns.age);
        while (!turns.sockets.isEmpty()) {
            Iterator<TrackedSocket> inTurn = turns.sockets.iterator();
            TrackedSocket first = inTurn.next();
            if (turns.owed < 1 && now - first.provenAt < turns.age) {
                return;
            }
            turns.owed = Math.max(0, turns.owed - 1);
            inTurn.remove();
            if (first.alive && !first.holdings().isEmpty()) {
                append(first, now);
                prove.accept(first);
            }
        }
        turns.owed = 0;
    }
}
