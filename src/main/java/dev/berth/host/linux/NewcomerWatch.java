package dev.berth.host.linux;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Finds holders that a known socket gets later: a worker that is forked inherits the socket, another is handed it soon after
 * its start. Only processes that are new since the last round are looked into, so that a machine on which nothing starts
 * pays for one listing of {@code /proc} every two seconds. A socket handed to an old process is left to the thorough look
 * before acting.
 */
final class NewcomerWatch {
    private static final long ROUND_NANOS = 2_000_000_000L;
    /** Rounds in which a process counts as young. */
    private static final int VISITS = 3;
    /** For one tick; what is left goes on in the next one. */
    private static final long BUDGET_NANOS = 5_000_000L;

    private final ProcessSockets processes;
    private final HolderPass.Finder finder;
    private final Map<Long, Integer> visits = new HashMap<>();
    private final Deque<Long> queue = new ArrayDeque<>();
    private final Map<Long, TrackedSocket> byInode = new HashMap<>();
    private long[] inodes = {};
    private boolean started;
    private boolean hurried;
    private long lastRound;

    NewcomerWatch(ProcessSockets processes, HolderPass.Finder finder) {
        this.processes = processes;
        this.finder = finder;
    }

    /** A socket is new: whoever inherits it is about to start, and is looked for in the next tick already. */
    void hurry() {
        hurried = true;
    }

    /** Notes who is there now; to be called before the searches of the same tick, so that nobody falls in between. */
    void begin(long now) throws IOException {
        if (!started || hurried || now - lastRound >= ROUND_NANOS) {
            lastRound = now;
            hurried = false;
            round();
        }
    }

    void visit(SocketTable table, LongSupplier nanos) {
        if (table.changed()) {
            index(table);
        }
        if (queue.isEmpty()) {
            return;
        }
        long until = nanos.getAsLong() + BUDGET_NANOS;
        while (!queue.isEmpty() && nanos.getAsLong() < until) {
            long young = queue.remove();
            visits.merge(young, 1, Integer::sum);
            processes.scan(young, inodes, (pid, descriptor, inode) -> {
                TrackedSocket socket = byInode.get(inode);
                if (socket != null) {
                    finder.found(socket, pid, descriptor);
                }
            });
        }
    }

    private void index(SocketTable table) {
        byInode.clear();
        for (TrackedSocket socket : table.sockets()) {
            if (socket.isSearchable()) {
                byInode.put(socket.inode(), socket);
            }
        }
        inodes = byInode.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private void round() throws IOException {
        Set<Long> present = new HashSet<>();
        queue.clear();
        for (long pid : processes.pids()) {
            present.add(pid);
            // Who was there before the first look is covered by the searches of that look.
            if (visits.computeIfAbsent(pid, unseen -> started ? 0 : VISITS) < VISITS) {
                queue.add(pid);
            }
        }
        visits.keySet().retainAll(present);
        started = true;
    }
}
