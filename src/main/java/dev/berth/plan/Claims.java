package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who else has a right to a port: another declaration or a reservation. A service that is stopped or being deleted claims
 * nothing but the port that it still has.
 */
final class Claims {
    private final Service service;
    private final ClaimIndex index;
    private final List<Reservation> reservations;
    private final Instant now;

    /** @param index of the situation's services */
    Claims(Situation situation, ClaimIndex index, Instant now) {
        this.service = situation.service();
        this.index = index;
        this.reservations = situation.reservations();
        this.now = now;
    }

    /** A right of somebody else to the port. */
    sealed interface Claim {
        /** @param hasIt it is assigned; otherwise the older declaration prefers it */
        record Declaration(Service other, boolean hasIt) implements Claim {}

        record Reserved(Reservation reservation) implements Claim {}
    }

    /** The strongest claim of somebody else to a port that the service prefers. */
    Optional<Claim> on(PortKey port) {
        return assigned(port)
                .<Claim>map(other -> new Claim.Declaration(other, true))
                .or(() -> preferredByOlder(port).map(other -> new Claim.Declaration(other, false)))
                .or(() -> reserved(port).map(Claim.Reserved::new));
    }

    /** The oldest other service that this port is assigned to. */
    Optional<Service> assigned(PortKey port) {
        return index.assigned(port, service.key());
    }

    private Optional<Service> preferredByOlder(PortKey port) {
        return index.preferred(port, service.key(), Claims::isWanted)
                .filter(other -> ClaimIndex.BY_AGE.compare(other, service) < 0);
    }

    /** Another service would rather have this port than any other, whether it runs now or not. */
    boolean isPreferredByOther(PortKey port) {
        return index.preferred(port, service.key(), Claims::isKept).isPresent();
    }

    /** A reservation of the port that the service may not use. */
    Optional<Reservation> reserved(PortKey port) {
        return reservations.stream()
                .filter(reservation -> reservation.port().equals(port) && !isOver(reservation) && !isOurs(reservation))
                .findFirst();
    }

    private boolean isOver(Reservation reservation) {
        return reservation.expiresAt().filter(at -> !at.isAfter(now)).isPresent();
    }

    /** For this service by its full name, or by its bare name when its owner or root reserved it. */
    private boolean isOurs(Reservation reservation) {
        boolean trusted = reservation.owner().isRoot()
                || reservation.owner().uid() == service.metadata().owner().uid();
        ServiceKey named = service.key().origin();
        return reservation.holder().equals(named.toString())
                || (trusted && reservation.holder().equals(named.name()));
    }

    static boolean isWanted(Service service) {
        return service.spec().running() && isKept(service);
    }

    private static boolean isKept(Service service) {
        return service.metadata().deletionTimestamp().isEmpty();
    }
}
