package dev.berth.host.linux;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** One pass over all processes for the holders of some sockets, done in as many slices as there is time for. */
final class HolderPass {
    private final ProcessSockets processes;
    private final ProcessWalk walk;
    private final Map<Long, TrackedSocket> byInode = new HashMap<>();
    private final long[] wanted;
    private final Finder finder;
    private final Denials.Counter denied = new Denials.Counter();
    private boolean finished;

    /** Takes a descriptor that leads to one of the sockets. */
    @FunctionalInterface
    interface Finder {
        void found(TrackedSocket socket, long pid, int descriptor);
    }

    HolderPass(ProcessSockets processes, long[] pids, Collection<TrackedSocket> sockets, Finder finder) {
        this.processes = processes;
        this.finder = finder;
        for (TrackedSocket socket : sockets) {
            byInode.put(socket.inode(), socket);
        }
        wanted = byInode.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        Set<Long> creators =
                sockets.stream().map(socket -> socket.socket().uid()).collect(Collectors.toSet());
        walk = new ProcessWalk(processes, pids, creators);
    }

    /** Goes on until the time is over or every process was looked at; always does at least one process. */
    void run(LongSupplier nanos, long until) {
        do {
            step();
        } while (!finished && nanos.getAsLong() < until);
    }

    /** As {@link #run}, but stops also when each socket has a holder. */
    void runUntilAllHeld(LongSupplier nanos, long until) {
        do {
            step();
        } while (!finished && !allHeld() && nanos.getAsLong() < until);
    }

    private boolean allHeld() {
        for (TrackedSocket socket : byInode.values()) {
            if (socket.alive && socket.holdings().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private void step() {
        OptionalLong next = walk.next();
        if (next.isEmpty()) {
            finished = true;
            return;
        }
        visit(next.getAsLong());
    }

    /** Looks into one process, out of turn where the caller has a reason to. */
    void visit(long pid) {
        ProcessSockets.Sight sight = processes.scan(pid, wanted, (holder, descriptor, inode) -> {
            TrackedSocket socket = byInode.get(inode);
            if (socket != null) {
                finder.found(socket, holder, descriptor);
            }
        });
        if (sight == ProcessSockets.Sight.DENIED) {
            processes.owner(pid).ifPresent(denied::denied);
        }
    }

    boolean isFinished() {
        return finished;
    }

    Collection<TrackedSocket> sockets() {
        return byInode.values();
    }

    Denials denials() {
        return denied.denials();
    }
}
