package dev.berth.model;

import java.time.Instant;
import java.util.Optional;

/**
 * A port promised to a holder.
 *
 * @param holder a free name; a service whose name it is may claim the port
 * @param expiresAt empty means until released
 * @param process the lease ends with this process
 */
public record Reservation(
        PortKey port,
        String holder,
        User owner,
        Optional<ProcessRef> process,
        Optional<Instant> expiresAt,
        Enforcement enforcement,
        Optional<String> claimedBy,
        Instant createdAt,
        long resourceVersion)
        implements StoredObject {
    /** Whether the port is really held at the socket. */
    public enum Enforcement {
        HELD,
        ADVISORY
    }

    @Override
    public ObjectRef ref() {
        return ObjectRef.global(ObjectRef.Kind.RESERVATION, port.toString());
    }

    @Override
    public Reservation withResourceVersion(long version) {
        return new Reservation(port, holder, owner, process, expiresAt, enforcement, claimedBy, createdAt, version);
    }
}
