package dev.berth.host.linux;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Brings every held socket round to have its holders proven, none later than its age allows, and spread over the ticks: so
 * that no tick pays for all of them. Belongs to the ticking thread.
 */
final class ProofRound {
    /** How old a proof may get. Before anything is done to a process it is proven afresh anyway. */
    static final long AGE_NANOS = 2_000_000_000L;

    /** In the order in which they were proven. */
    private final Queue<TrackedSocket> turn = new ArrayDeque<>();

    private long lastNext;

    /** @param now monotonic nanoseconds, as everywhere here */
    ProofRound(long now) {
        this.lastNext = now;
    }

    /** All that is known of its holders was proven just now. One that waits for its turn already keeps its place. */
    void add(TrackedSocket socket, long now) {
        if (!socket.inTurn) {
            append(socket, now);
        }
    }

    private void append(TrackedSocket socket, long now) {
        socket.provenAt = now;
        socket.inTurn = true;
        turn.add(socket);
    }

    /** Gives those whose time has come, and so many of the next that all are spread evenly over the time. */
    void next(long now, Consumer<TrackedSocket> prove) {
        double share = Math.min(1, (double) (now - lastNext) / AGE_NANOS);
        lastNext = now;
        int left = (int) Math.ceil(turn.size() * share);
        TrackedSocket first = turn.peek();
        while (first != null && (left > 0 || now - first.provenAt >= AGE_NANOS)) {
            left--;
            turn.remove();
            if (first.alive && !first.holdings().isEmpty()) {
                append(first, now);
                prove.accept(first);
            } else {
                first.inTurn = false;
            }
            first = turn.peek();
        }
    }
}
