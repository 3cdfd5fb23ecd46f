package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reservations by port. Made once per list and shared by every pass that judges on it. */
final class ReservationIndex {
    private final List<Reservation> reservations;
    private final Map<PortKey, Reservation> byPort = new HashMap<>();

    ReservationIndex(List<Reservation> reservations) {
        this.reservations = reservations;
        reservations.forEach(each -> byPort.putIfAbsent(each.port(), each));
    }

    boolean isOf(List<Reservation> other) {
        return reservations == other;
    }

    Optional<Reservation> on(PortKey port) {
        return Optional.ofNullable(byPort.get(port));
    }
}
