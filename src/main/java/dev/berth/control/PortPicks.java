package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.Blockage;
import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Reservation;
import dev.berth.model.ReservationRequest;
import dev.berth.plan.Policy;
import dev.berth.plan.Vacancies;
import dev.berth.store.Registry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Picks ports for a reservation and takes each at the socket: claimed against every other call and pass, nobody's by the
 * registry, and held before it is promised.
 */
final class PortPicks {
    private final Registry registry;
    private final Holds holds;
    private final PortRights rights;
    private final PortClaims claims;
    private final Looks looks;
    private final Blockages blockages;
    private final Limits limits;
    /** For whom ports are being reserved at this moment, so that who comes too late can be told. */
    private final Map<PortKey, String> underWay = new ConcurrentHashMap<>();

    PortPicks(
            Registry registry,
            Holds holds,
            PortRights rights,
            PortClaims claims,
            Looks looks,
            Blockages blockages,
            Limits limits) {
        this.registry = registry;
        this.holds = holds;
        this.rights = rights;
        this.claims = claims;
        this.looks = looks;
        this.blockages = blockages;
        this.limits = limits;
    }

    /**
     * What was picked.
     *
     * @param ports with how each is held; fewer than wanted when there are no more
     * @param obstacles why the others were not, by port
     */
    record Picked(Map<PortKey, Holds.Promise> ports, Map<PortKey, String> obstacles, List<String> warnings) {}

    /** @param wanted what it would be, whatever its port */
    Picked pick(ReservationRequest request, Reservation wanted, Policy policy, Object claimant)
            throws ObservationException {
        Map<PortKey, Eviction> evictions = new HashMap<>();
        registry.evictions().forEach(each -> evictions.put(each.port(), each));
        Vacancies vacancies = new Vacancies(
                policy,
                looks.current(limits.lookAge()),
                registry.services(),
                registry.reservations(),
                blockages.current(),
                evictions,
                wanted);
        Picked picked = new Picked(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        boolean whole = false;
        try {
            pick(request, wanted, vacancies, claimant, picked);
            whole = true;
            return picked;
        } finally {
            if (!whole) {
                done(picked);
            }
        }
    }

    private void pick(
            ReservationRequest request, Reservation wanted, Vacancies vacancies, Object claimant, Picked picked)
            throws ObservationException {
        if (request.port().isPresent()) {
            PortKey port = new PortKey(request.protocol(), request.port().getAsInt());
            vacancies.warning(port).ifPresent(picked.warnings()::add);
            Optional<String> use = isItsOwn(port, wanted) ? Optional.empty() : vacancies.use(port);
            if (use.isPresent()) {
                picked.obstacles().put(port, use.get());
            } else {
                take(port, wanted, claimant, picked);
            }
            return;
        }
        choose(request, wanted, vacancies, claimant, picked);
    }

    /** Its service has the port already: whatever listens there is the service's affair. */
    private boolean isItsOwn(PortKey port, Reservation wanted) {
        return registry.reservation(port).isEmpty()
                && holds.seatedOn(port)
                        .flatMap(registry::service)
                        .filter(wanted::isFor)
                        .isPresent();
    }

    private void choose(
            ReservationRequest request, Reservation wanted, Vacancies vacancies, Object claimant, Picked picked)
            throws ObservationException {
        List<PortKey> preferred = new ArrayList<>();
        for (PortRange range : vacancies.ranges(request.range())) {
            OptionalInt next = vacancies.next(request.protocol(), range.first(), range.last());
            while (next.isPresent() && picked.ports().size() < request.count()) {
                PortKey port = new PortKey(request.protocol(), next.getAsInt());
                if (vacancies.isFree(port)) {
                    if (vacancies.isPreferred(port)) {
                        preferred.add(port);
                    } else {
                        take(port, wanted, claimant, picked);
                    }
                }
                next = vacancies.next(request.protocol(), port.port() + 1, range.last());
            }
        }
        for (PortKey port : preferred) {
            if (picked.ports().size() < request.count()) {
                take(port, wanted, claimant, picked);
            }
        }
        if (picked.ports().size() < request.count()) {
            vacancies.ranges(request.range()).stream()
                    .flatMapToInt(PortRange::ports)
                    .mapToObj(number -> new PortKey(request.protocol(), number))
                    .forEach(port -> vacancies
                            .obstacle(port)
                            .ifPresent(why -> picked.obstacles().putIfAbsent(port, why)));
        }
        request.range()
                .ifPresent(range -> picked.ports().keySet().stream()
                        .map(vacancies::warning)
                        .flatMap(Optional::stream)
                        .forEach(picked.warnings()::add));
    }

    private void take(PortKey port, Reservation wanted, Object claimant, Picked picked) throws ObservationException {
        if (!rights.mayHold(port, wanted.owner())) {
            picked.obstacles()
                    .put(
                            port,
                            port + " is one of the ports that the system keeps for root (below"
                                    + " net.ipv4.ip_unprivileged_port_start), and Berth holds those for administrators only");
            return;
        }
        if (!claims.claim(port, claimant)) {
            picked.obstacles().put(port, reserved(port).orElseGet(() -> underWay(port)));
            return;
        }
        // Claimed from here on: what the registry says now is what it will say until the commit.
        Optional<String> obstacle = reserved(port);
        if (obstacle.isEmpty() && isItsOwn(port, wanted)) {
            underWay.put(port, wanted.holder());
            picked.ports().put(port, Holds.Promise.FREE);
            return;
        }
        obstacle = obstacle.or(
                () -> holds.seatedOn(port).map(service -> port + " was given to service " + service + " meanwhile"));
        if (obstacle.isEmpty()) {
            Holds.Promise promise = holds.promise(port);
            if (promise != Holds.Promise.TAKEN) {
                underWay.put(port, wanted.holder());
                picked.ports().put(port, promise);
                return;
            }
            obstacle = Optional.of(holder(port));
        }
        picked.obstacles().put(port, obstacle.get());
        claims.release(port, claimant);
    }

    private Optional<String> reserved(PortKey port) {
        return registry.reservation(port).map(reservation -> port + " is reserved for " + reservation.describe());
    }

    private String underWay(PortKey port) {
        String holder = underWay.get(port);
        return holder == null
                ? port + " is being given to somebody else at this moment"
                : port + " is being reserved for " + holder + " at this moment";
    }

    /** What keeps a port that could not be held. */
    private String holder(PortKey port) throws ObservationException {
        HostSnapshot look = looks.inspect(port);
        for (Listener socket : look.on(port)) {
            if (socket.ownership() instanceof Ownership.Held held) {
                ProcessFacts facts = look.processes().get(held.holders().get(0));
                return port + " is held by " + (facts == null ? held.holders().get(0) : Occupants.words(facts));
            }
            return port + " is held by a process that can't be seen";
        }
        return blockages
                .tryBind(port, PortQueries.ANY)
                .map(Blockage::explanation)
                .map(why -> port + " can't be bound: " + why)
                .orElse(port + " can't be held: some address of it is taken");
    }

    /** The reservations are stored, or will not be. */
    void done(Picked picked) {
        for (PortKey port : picked.ports().keySet()) {
            holds.withdraw(port);
            underWay.remove(port);
        }
    }
}
