package dev.berth.control;

import dev.berth.host.ProcessControl;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.Reservation;
import dev.berth.model.ReservationRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Judges whether what a reservation or a claim hangs on is still there. */
final class Leases {
    /** A process must be seen gone twice, so far apart: one look may come from a moment in which nothing could be read. */
    static final Duration SECOND_LOOK = Duration.ofSeconds(1);

    /** How long a claimed port is left open for a claimant that named no process; programs bind within seconds of their start. */
    static final Duration CLAIM_WINDOW = Duration.ofSeconds(30);

    private static final String EXPIRY = "expiry";
    private static final String CLAIM = "claim";

    private final ProcessControl processes;
    private final Deadlines deadlines;
    private final LongSupplier ticker;
    // Guarded by this. When a process was first seen gone.
    private final Map<ProcessRef, Long> suspected = new HashMap<>();

    Leases(ProcessControl processes, Deadlines deadlines, LongSupplier ticker) {
        this.processes = processes;
        this.deadlines = deadlines;
        this.ticker = ticker;
    }

    /** Why the reservation is over; empty while it lasts. */
    Optional<String> over(Reservation reservation) {
        if (untilExpiry(reservation).filter(Duration::isZero).isPresent()) {
            return reservation.expiresAt().map(at -> "its time was over at " + at);
        }
        return reservation
                .process()
                .filter(this::isGone)
                .map(process -> process + ", whose reservation it was, has ended");
    }

    Optional<Duration> untilExpiry(Reservation reservation) {
        return reservation
                .expiresAt()
                .map(at -> deadlines.left(
                        reservation.port(), EXPIRY, at, reservation.ttl().orElse(ReservationRequest.LONGEST_TTL)));
    }

    /** How long a claim may still wait for somebody to bind the port. */
    Duration claimWindow(PortKey port, Reservation.Claim claim) {
        return deadlines.left(port, CLAIM, claim.at().plus(CLAIM_WINDOW), CLAIM_WINDOW);
    }

    void forget(PortKey port) {
        deadlines.forget(port, EXPIRY);
        deadlines.forget(port, CLAIM);
    }

    /** Seen gone, and a while later again. */
    synchronized boolean isGone(ProcessRef process) {
        if (processes.liveness(process) != ProcessControl.Liveness.GONE) {
            suspected.remove(process);
            return false;
        }
        Long since = suspected.putIfAbsent(process, ticker.getAsLong());
        return since != null && ticker.getAsLong() - since >= SECOND_LOOK.toNanos();
    }

    /** It was seen gone once: to be looked at again. */
    synchronized boolean isSuspected(ProcessRef process) {
        return suspected.containsKey(process);
    }

    synchronized void forget(ProcessRef process) {
        suspected.remove(process);
    }
}
