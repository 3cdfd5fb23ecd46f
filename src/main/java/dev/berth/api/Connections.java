package dev.berth.api;

import java.util.HashMap;
import java.util.Map;

/** Who holds how many connections. Bounded by the connections there are, and safe for use by many threads. */
final class Connections {
    // Guarded by this.
    private final Map<String, Integer> held = new HashMap<>();
    private int all;

    /**
     * Counts one more, if the caller holds fewer than are left. So the first greedy one gets half of all, the next half of what
     * is then left, and there is room for whoever comes with few (Choudhury and Hahne's dynamic thresholds for shared buffers).
     *
     * @param most there may be in all
     * @return false when the caller may not have another one; nothing was counted then
     */
    synchronized boolean open(String caller, int most) {
        int own = held.getOrDefault(caller, 0);
        if (own >= most - all) {
            return false;
        }
        held.put(caller, own + 1);
        all++;
        return true;
    }

    /** One that was opened is no more. */
    synchronized void close(String caller) {
        held.computeIfPresent(caller, (same, own) -> own > 1 ? own - 1 : null);
        all--;
    }

    synchronized int count() {
        return all;
    }

    synchronized int callers() {
        return held.size();
    }
}
