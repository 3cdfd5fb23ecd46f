package dev.berth.model;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A port promised to a holder. It counts until it is removed: what ends it is judged in one place, so that nobody else is
 * given the port a moment before.
 *
 * @param holder a free name; a service whose name it is may claim the port
 * @param process the lease ends with this process
 * @param ttl what a renewal grants again; empty for a reservation without an end
 * @param expiresAt empty means until released
 * @param enforcement whether Berth holds the port at the socket now
 * @param claim who has the port now, or is about to bind it
 * @param message why the port is not held, or who else is on it; empty when it is held
 * @param stack the file that it belongs to, which takes it back when it no longer says so
 * @param token the id of the token that it was made by, if it was one
 */
public record Reservation(
        PortKey port,
        String holder,
        User owner,
        Optional<ProcessRef> process,
        Optional<Duration> ttl,
        Optional<Instant> expiresAt,
        Enforcement enforcement,
        Optional<Claim> claim,
        Optional<String> message,
        Instant createdAt,
        Optional<String> stack,
        Optional<String> token,
        long resourceVersion)
        implements StoredObject {
    /** One that belongs to no file. */
    public Reservation(
            PortKey port,
            String holder,
            User owner,
            Optional<ProcessRef> process,
            Optional<Duration> ttl,
            Optional<Instant> expiresAt,
            Enforcement enforcement,
            Optional<Claim> claim,
            Optional<String> message,
            Instant createdAt,
            long resourceVersion) {
        this(
                port,
                holder,
                owner,
                process,
                ttl,
                expiresAt,
                enforcement,
                claim,
                message,
                createdAt,
                Optional.empty(),
                Optional.empty(),
                resourceVersion);
    }

    /** Whether the port is really held at the socket. */
    public enum Enforcement {
        HELD,
        ADVISORY
    }

    /**
     * The holder uses its right: Berth has let go of the port for it.
     *
     * @param by who, in words: a service's key, a process, or the holder's name
     * @param service set when a declared service has the port; it ends when the service gives the port back
     * @param process set when it is known whose end gives the port back
     */
    public record Claim(String by, Optional<ServiceKey> service, Optional<ProcessRef> process, Instant at) {
        /** Why the port is not held, as long as nobody is seen on it. */
        public String awaited() {
            return "let go of for " + by + " to bind it";
        }
    }

    @Override
    public ObjectRef ref() {
        return refOf(port);
    }

    public static ObjectRef refOf(PortKey port) {
        return ObjectRef.global(ObjectRef.Kind.RESERVATION, port.toString());
    }

    /** For this service: by its full name, or by its bare name when its owner or root reserved it. */
    public boolean isFor(Service service) {
        boolean trusted =
                owner.isRoot() || owner.uid() == service.metadata().owner().uid();
        ServiceKey named = service.key().origin();
        return holder.equals(named.toString()) || (trusted && holder.equals(named.name()));
    }

    /** May this user change or release it? */
    public boolean isOf(User user) {
        return user.isRoot() || user.uid() == owner.uid();
    }

    /** The holder and whose it is, for people. */
    public String describe() {
        return holder + " (by " + owner.display()
                + expiresAt
                        .map(at -> ", until " + at.truncatedTo(ChronoUnit.SECONDS))
                        .orElse("") + ")";
    }

    @Override
    public Reservation withResourceVersion(long version) {
        return new Reservation(
                port,
                holder,
                owner,
                process,
                ttl,
                expiresAt,
                enforcement,
                claim,
                message,
                createdAt,
                stack,
                token,
                version);
    }

    /** With another end. */
    public Reservation renewed(Optional<Duration> newTtl, Optional<ProcessRef> newProcess, Instant now) {
        return new Reservation(
                port,
                holder,
                owner,
                newProcess,
                newTtl,
                newTtl.map(now::plus),
                enforcement,
                claim,
                message,
                createdAt,
                stack,
                token,
                resourceVersion);
    }

    public Reservation claimed(Optional<Claim> value) {
        return new Reservation(
                port,
                holder,
                owner,
                process,
                ttl,
                expiresAt,
                enforcement,
                value,
                message,
                createdAt,
                stack,
                token,
                resourceVersion);
    }

    /** As it is enforced now. */
    public Reservation enforced(Enforcement value, Optional<String> why) {
        return new Reservation(
                port,
                holder,
                owner,
                process,
                ttl,
                expiresAt,
                value,
                claim,
                why,
                createdAt,
                stack,
                token,
                resourceVersion);
    }
}
