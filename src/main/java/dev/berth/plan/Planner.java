package dev.berth.plan;

import dev.berth.model.HostSnapshot;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Judges what should be done about one service. Safe for use by many threads; keeps nothing between calls but compiled
 * patterns and the indexes of the latest look and of the latest services, so the same question always has the same answer.
 */
public final class Planner {
    private final StrategyBook strategies;
    private final Patterns patterns = new Patterns();

    /** Every service of one tick is judged on the same look; indexing it once makes a settled pass cheap. */
    private final AtomicReference<ListenerIndex> latest;

    /** Every service of a resync is judged among the same services. */
    private final AtomicReference<ClaimIndex> latestClaims;

    private final AtomicReference<ReservationIndex> latestReservations = new AtomicReference<>();

    /** @param strategies users' own by name; the built-in ones are always there and can't be replaced */
    public Planner(Map<String, Strategy> strategies) {
        Map<String, Strategy> all = new HashMap<>(strategies);
        all.putAll(Strategies.builtIn());
        this.strategies = new StrategyBook(all);
        this.latest = new AtomicReference<>();
        this.latestClaims = new AtomicReference<>();
    }

    /**
     * What to do about the service of the situation now. Never throws for a situation that can be: what is wrong with a
     * strategy or a pattern becomes part of the reasons.
     */
    public Plan plan(Situation situation, Policy policy, Instant now) {
        Pass pass = new Pass(
                situation,
                policy,
                now,
                index(situation.host()),
                claims(situation.services()),
                reservations(situation.reservations()),
                patterns);
        return new ServicePass(pass, strategies).plan();
    }

    private ClaimIndex claims(List<Service> services) {
        ClaimIndex known = latestClaims.get();
        if (known != null && known.isOf(services)) {
            return known;
        }
        ClaimIndex made = new ClaimIndex(services);
        latestClaims.set(made);
        return made;
    }

    private ReservationIndex reservations(List<Reservation> reservations) {
        ReservationIndex known = latestReservations.get();
        if (known != null && known.isOf(reservations)) {
            return known;
        }
        ReservationIndex made = new ReservationIndex(reservations);
        latestReservations.set(made);
        return made;
    }

    private ListenerIndex index(HostSnapshot snapshot) {
        ListenerIndex known = latest.get();
        if (known != null && known.isOf(snapshot)) {
            return known;
        }
        ListenerIndex made = new ListenerIndex(snapshot);
        latest.set(made);
        return made;
    }
}
