package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who else has a right to a port: another declaration or a reservation. A service that is stopped or being deleted claims
 * nothing but the port that it still has.
 */
final class Claims implements Rights {
    private final Service service;
    private final ClaimIndex index;
    private final ReservationIndex reservations;

    /**
     * @param index of the situation's services
     * @param reservations of the situation's reservations
     */
    Claims(Service service, ClaimIndex index, ReservationIndex reservations) {
        this.service = service;
        this.index = index;
        this.reservations = reservations;
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
                .or(() -> besides(port));
    }

    /** The same as it would be if the port were assigned to nobody. */
    Optional<Claim> besides(PortKey port) {
        return preferredByOlder(port)
                .filter(other -> !isReservedForIt(port))
                .<Claim>map(other -> new Claim.Declaration(other, false))
                .or(() -> reserved(port).map(Claim.Reserved::new));
    }

    /** The same of another service. */
    Claims of(Service other) {
        return new Claims(other, index, reservations);
    }

    /** The oldest other service that this port is assigned to. */
    @Override
    public Optional<Service> assigned(PortKey port) {
        return index.assigned(port, service.key());
    }

    private Optional<Service> preferredByOlder(PortKey port) {
        return index.preferred(port, service.key(), Claims::isWanted)
                .filter(other -> ClaimIndex.BY_AGE.compare(other, service) < 0);
    }

    /** Another service would rather have this port than any other, whether it runs now or not. */
    @Override
    public boolean isPreferredByOther(PortKey port) {
        return index.preferred(port, service.key(), Claims::isKept).isPresent();
    }

    @Override
    public List<PortMap> taken(Protocol protocol) {
        return List.of(index.taken(protocol), reservations.taken(protocol));
    }

    @Override
    public List<PortKey> own(Protocol protocol) {
        List<PortKey> own = new ArrayList<>();
        service.assigned().ifPresent(own::add);
        reservations.of(service).forEach(reservation -> own.add(reservation.port()));
        own.removeIf(port -> port.protocol() != protocol);
        return own;
    }

    /** Whoever else would like the port: to this service it is promised. */
    private boolean isReservedForIt(PortKey port) {
        return reservations
                .on(port)
                .filter(reservation -> reservation.isFor(service))
                .isPresent();
    }

    /** A reservation of the port that the service may not use; it counts until it is removed. */
    @Override
    public Optional<Reservation> reserved(PortKey port) {
        return reservations.on(port).filter(reservation -> !reservation.isFor(service));
    }

    static boolean isWanted(Service service) {
        return service.spec().running() && isKept(service);
    }

    static boolean isKept(Service service) {
        return service.metadata().deletionTimestamp().isEmpty();
    }
}
