package dev.berth.control;

import dev.berth.model.PortKey;
import dev.berth.model.ServiceKey;
import java.util.HashMap;
import java.util.Map;

/**
 * Who is about to be given which port: from before the last check that nobody else has it until after the commit. Of two
 * passes that choose the same free port at the same moment one gets the claim, the other plans again. No lock is held
 * across a commit, so assignments of different ports share transactions.
 *
 * <p>A claim whose commit failed stays with the service: whether the assignment is on disk is not known until the registry
 * writes again.
 */
final class PortClaims {
    // Guarded by this.
    private final Map<PortKey, ServiceKey> claims = new HashMap<>();

    /** True when the port is the service's to check and commit. */
    synchronized boolean claim(PortKey port, ServiceKey service) {
        ServiceKey holder = claims.putIfAbsent(port, service);
        return holder == null || holder.equals(service);
    }

    /** The service's assignments are committed, or were given up. */
    synchronized void release(ServiceKey service) {
        if (!claims.isEmpty()) {
            claims.values().removeIf(service::equals);
        }
    }
}
