package dev.berth.control;

import dev.berth.model.PortKey;
import java.util.HashMap;
import java.util.Map;

/**
 * Who is about to be given which port: from before the last check that nobody else has it until after the commit. Of two
 * passes that choose the same free port at the same moment one gets the claim, the other plans again. No lock is held
 * across a commit, so assignments of different ports share transactions.
 *
 * <p>A claim whose commit failed stays: whether the assignment is on disk is not known until the registry writes again.
 */
final class PortClaims {
    // Guarded by this.
    private final Map<PortKey, Object> claims = new HashMap<>();

    /** True when the port is the claimant's to check and commit. One claimant is one thread at a time. */
    synchronized boolean claim(PortKey port, Object claimant) {
        Object holder = claims.putIfAbsent(port, claimant);
        return holder == null || holder.equals(claimant);
    }

    /** The claimant's assignments are committed, or were given up. */
    synchronized void release(Object claimant) {
        if (!claims.isEmpty()) {
            claims.values().removeIf(claimant::equals);
        }
    }

    /** The claimant has no use for this port. */
    synchronized void release(PortKey port, Object claimant) {
        claims.remove(port, claimant);
    }

    /** Whether the assignments are on disk is not known; from now on it is the other one who finds out and releases. */
    synchronized void handOver(Object claimant, Object other) {
        claims.replaceAll((port, holder) -> holder.equals(claimant) ? other : holder);
    }
}
