package dev.berth.sim;

import dev.berth.control.LeaseAnswer;
import dev.berth.control.Reserved;
import dev.berth.model.Caller;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.ReservationRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A scene in which ports are reserved. */
abstract class Reserving {
    static final Duration SOON = Duration.ofMillis(600);
    static final Caller DEV = Users.caller(Users.DEV);

    final Scene scene = new Scene();

    Reserved reserve(String holder, int port) throws Exception {
        return reserve(holder, OptionalInt.of(port), Optional.empty(), 1, Optional.empty(), OptionalLong.empty());
    }

    Reserved reserve(
            String holder,
            OptionalInt port,
            Optional<PortRange> range,
            int count,
            Optional<Duration> ttl,
            OptionalLong pid)
            throws Exception {
        return scene.berth
                .plane
                .reservations()
                .reserve(new ReservationRequest(holder, Protocol.TCP, port, range, count, ttl, pid), DEV, false);
    }

    /** As many as are wanted: an administrator's part is everything. */
    Reserved byRoot(PortRange range, int count) throws Exception {
        ReservationRequest many = new ReservationRequest(
                "many",
                Protocol.TCP,
                OptionalInt.empty(),
                Optional.of(range),
                count,
                Optional.empty(),
                OptionalLong.empty());
        return scene.berth.plane.reservations().reserve(many, Users.caller(Users.ROOT), false);
    }

    Reservation reservation(int port) {
        return scene.berth.registry.reservation(PortKey.tcp(port)).orElseThrow();
    }

    boolean isReserved(int port) {
        return scene.berth.registry.reservation(PortKey.tcp(port)).isPresent();
    }

    /** Does Berth hold the port at the socket? */
    boolean isHeld(int port) {
        return scene.machine.network.on(PortKey.tcp(port)).stream()
                .anyMatch(socket -> socket.holders.contains(scene.host.berth.self()) && !socket.listening);
    }

    boolean serves(SimProcess process) {
        return !process.sockets.isEmpty();
    }

    LeaseAnswer claim(int port, OptionalLong pid) throws Exception {
        return scene.berth.plane.reservations().claim(PortKey.tcp(port), pid, DEV, false);
    }
}
