package dev.berth.host.linux;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Goes once through all processes in the order in which an owner is likely: those of some users first, newest first, then
 * all others. Whose a process is, is read only when its turn comes, so that a search which ends early stays cheap.
 */
final class ProcessWalk {
    private final ProcessSockets processes;
    private final long[] pids;
    private final Set<Long> likely;
    private final long[] later;
    private int laterCount;
    private int at;
    private boolean likelyDone;

    /**
     * @param pids newest first
     * @param likely uids whose processes come first
     */
    ProcessWalk(ProcessSockets processes, long[] pids, Set<Long> likely) {
        this.processes = processes;
        this.pids = pids;
        this.likely = Set.copyOf(likely);
        this.later = new long[pids.length];
    }

    /** The next process; empty when all have been visited. */
    OptionalLong next() {
        while (!likelyDone) {
            if (at == pids.length) {
                likelyDone = true;
                at = 0;
                break;
            }
            long pid = pids[at++];
            OptionalLong owner = processes.owner(pid);
            if (owner.isPresent() && likely.contains(owner.getAsLong())) {
                return OptionalLong.of(pid);
            }
            later[laterCount++] = pid;
        }
        return at < laterCount ? OptionalLong.of(later[at++]) : OptionalLong.empty();
    }

    /** Those that were not visited yet, for tests and for words. */
    int left() {
        return likelyDone ? laterCount - at : pids.length - at + laterCount;
    }

    @Override
    public String toString() {
        return left() + " of " + pids.length + " processes left, users " + Arrays.toString(likely.toArray()) + " first";
    }
}
