package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import java.util.List;
import java.util.Optional;

/** Somebody who has no port yet and no service of that name: everything that is promised is promised to others. */
final class Newcomer implements Rights {
    private final ClaimIndex services;
    private final ReservationIndex reservations;
    private final Reservation wanted;

    /** @param wanted what it would have, whatever the port; a service that it is for is no other */
    Newcomer(ClaimIndex services, ReservationIndex reservations, Reservation wanted) {
        this.services = services;
        this.reservations = reservations;
        this.wanted = wanted;
    }

    @Override
    public Optional<Service> assigned(PortKey port) {
        return services.assigned(port, this::isOther);
    }

    @Override
    public Optional<Reservation> reserved(PortKey port) {
        return reservations.on(port);
    }

    @Override
    public List<PortMap> taken(Protocol protocol) {
        return List.of(services.taken(protocol), reservations.taken(protocol));
    }

    /** What its own service has is asked for by number, not searched for. */
    @Override
    public List<PortKey> own(Protocol protocol) {
        return List.of();
    }

    @Override
    public boolean isPreferredByOther(PortKey port) {
        return services.preferred(port, service -> Claims.isKept(service) && isOther(service))
                .isPresent();
    }

    private boolean isOther(Service service) {
        return !wanted.isFor(service);
    }
}
