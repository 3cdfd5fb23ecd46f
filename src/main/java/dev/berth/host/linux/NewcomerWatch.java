package dev.berth.host.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Finds holders that a known socket gets later: a worker that is forked inherits the socket, another is handed it soon after
 * its start. Only processes that are new since the last round are looked into. Rounds come every two seconds, and where nothing
 * was started since the one before they are one short file. A socket handed to an old process is left to the thorough look
 * before acting.
 */
final class NewcomerWatch {
    /** Two seconds, less what makes the looks at a settled machine, which come as often, never a moment too early for it. */
    private static final long ROUND_NANOS = 1_900_000_000L;
    /**
     * From one listing of all processes to the next, though nothing tells of new ones: for a {@code /proc} that shows those of
     * other pid namespaces, and processes that are restored with the pid they had.
     */
    private static final long LISTING_NANOS = 10_000_000_000L;
    /** Rounds in which a process counts as young. */
    private static final int VISITS = 3;
    /** For one visit; what is left goes on in the next one. */
    private static final long BUDGET_NANOS = 5_000_000L;

    private final ProcessSockets processes;
    private final ProcFiles files = new ProcFiles(Path.of("/proc"));
    private final HolderPass.Finder finder;
    private final Map<Long, Integer> visits = new HashMap<>();
    private final Deque<Long> queue = new ArrayDeque<>();
    private final Map<Long, TrackedSocket> byInode = new HashMap<>();
    private long[] inodes = {};
    private boolean unindexed;
    private boolean started;
    private boolean hurried;
    private long lastRound;
    private long lastListing;
    /** Which pid was the latest that the kernel gave, when processes were listed last. */
    private OptionalLong newest = OptionalLong.empty();
    /** Whether some of those listed are to be visited in further rounds. */
    private boolean anyYoung;

    NewcomerWatch(ProcessSockets processes, HolderPass.Finder finder) {
        this.processes = processes;
        this.finder = finder;
    }

    /** A socket is new: whoever inherits it is about to start, and is looked for before the next round is due. */
    void hurry() {
        hurried = true;
    }

    /** Notes who is there now; to be called before the searches of the same look, so that nobody falls in between. */
    void begin(long now) throws IOException {
        if (started && !hurried && now - lastRound < ROUND_NANOS) {
            return;
        }
        lastRound = now;
        hurried = false;
        // Before the listing: who starts meanwhile is the next round's.
        OptionalLong latest = newest();
        if (anyYoung || latest.isEmpty() || !latest.equals(newest) || now - lastListing >= LISTING_NANOS) {
            newest = latest;
            lastListing = now;
            round();
        }
    }

    /** The latest pid that was given to a process or a thread: while it is the same, none was started. */
    private OptionalLong newest() {
        try {
            return OptionalLong.of(files.newestPid());
        } catch (IOException untold) {
            return OptionalLong.empty();
        }
    }

    /** Were all of the last round looked into, and does nothing call for another before its time? */
    boolean areVisited() {
        return queue.isEmpty() && !hurried;
    }

    /** To be told of every look, also of those after which nobody is visited. */
    void looked(SocketTable table) {
        unindexed |= table.changed();
    }

    void visit(SocketTable table, LongSupplier nanos) {
        if (queue.isEmpty()) {
            return;
        }
        if (unindexed) {
            unindexed = false;
            index(table);
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
        anyYoung = !queue.isEmpty();
        started = true;
    }
}
