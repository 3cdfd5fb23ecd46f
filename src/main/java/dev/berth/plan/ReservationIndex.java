package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reservations by port. Made once per list and shared by every pass that judges on it. */
final class ReservationIndex {
    private final List<Reservation> reservations;
    private final Map<PortKey, Reservation> byPort = new HashMap<>();
    private final Map<String, List<Reservation>> byHolder = new HashMap<>();
    private final PortMap tcp = new PortMap();
    private final PortMap udp = new PortMap();

    ReservationIndex(List<Reservation> reservations) {
        this.reservations = reservations;
        for (Reservation each : reservations) {
            byPort.putIfAbsent(each.port(), each);
            byHolder.computeIfAbsent(each.holder(), holder -> new ArrayList<>(1))
                    .add(each);
            taken(each.port().protocol()).add(each.port().port());
        }
    }

    /** Every port that is reserved. */
    PortMap taken(Protocol protocol) {
        return protocol == Protocol.TCP ? tcp : udp;
    }

    /** Those that the service may use. */
    List<Reservation> of(Service service) {
        if (byHolder.isEmpty()) {
            return List.of();
        }
        ServiceKey key = service.key().origin();
        return Stream.of(key.name(), key.toString())
                .flatMap(holder -> byHolder.getOrDefault(holder, List.of()).stream())
                .filter(reservation -> reservation.isFor(service))
                .toList();
    }

    boolean isOf(List<Reservation> other) {
        return reservations == other;
    }

    Optional<Reservation> on(PortKey port) {
        return Optional.ofNullable(byPort.get(port));
    }
}
