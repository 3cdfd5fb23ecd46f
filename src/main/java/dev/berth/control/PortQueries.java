package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.Blockage;
import dev.berth.model.Conflict;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.plan.Policy;
import dev.berth.plan.PortHolders;
import dev.berth.plan.PortRisk;
import dev.berth.store.Registry;
import dev.berth.store.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Answers who holds which port. Reads only. */
public final class PortQueries {
    /** For asking whether a port could be bound at all. */
    static final String ANY = "0.0.0.0";

    private final Registry registry;
    private final Looks looks;
    private final Blockages blockages;
    private final Holds holds;
    private final HolderRules rules;
    private final History history;
    private final Supplier<Policy> policy;
    private final InstantSource clock;
    private final Limits limits;

    PortQueries(
            Registry registry,
            Looks looks,
            Blockages blockages,
            Holds holds,
            HolderRules rules,
            History history,
            Supplier<Policy> policy,
            InstantSource clock,
            Limits limits) {
        this.registry = registry;
        this.looks = looks;
        this.blockages = blockages;
        this.holds = holds;
        this.rules = rules;
        this.history = history;
        this.policy = policy;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Every port that is in use, assigned, reserved or declared as preferred, by number.
     *
     * @param protocol empty means both
     * @param all also ports that are only an alternative of some service
     * @throws ObservationException when the machine can't be looked at
     */
    public List<PortView> list(Optional<Protocol> protocol, boolean all) throws ObservationException {
        HostSnapshot look = latest();
        Map<PortKey, List<Listener>> sockets = new HashMap<>();
        for (Listener listener : look.listeners()) {
            sockets.computeIfAbsent(listener.key(), port -> new ArrayList<>(1)).add(listener);
        }
        Map<PortKey, List<PortView.Use>> uses = uses(all);
        TreeSet<PortKey> ports = new TreeSet<>(sockets.keySet());
        ports.addAll(uses.keySet());
        registry.reservations().forEach(reservation -> ports.add(reservation.port()));
        PortHolders holders = new PortHolders(registry.services(), rules.patterns(), rules.installation());
        List<PortView> views = new ArrayList<>();
        for (PortKey port : ports) {
            if (protocol.isEmpty() || protocol.get() == port.protocol()) {
                views.add(view(
                        port,
                        look,
                        sockets.getOrDefault(port, List.of()),
                        uses.getOrDefault(port, List.of()),
                        holders,
                        Optional.empty()));
            }
        }
        return views;
    }

    /** One port as it is now; when nothing listens, what else keeps it from being bound. */
    public PortView view(PortKey port) throws ObservationException {
        HostSnapshot look = looks.now(port);
        List<Listener> sockets = look.on(port);
        Optional<Blockage> blockage = sockets.isEmpty() ? blockages.tryBind(port, ANY) : Optional.empty();
        return view(
                port,
                look,
                sockets,
                uses(true).getOrDefault(port, List.of()),
                new PortHolders(registry.services(), rules.patterns(), rules.installation()),
                blockage);
    }

    /** How likely it is that the port is contested, by what is remembered. */
    public PortRisk risk(PortKey port) throws StoreException {
        history.load();
        return PortRisk.of(port, history.losses(), policy.get().ephemeral(), clock.instant());
    }

    /** The latest look at the whole machine, for what it covered and what it missed. */
    public HostSnapshot latest() throws ObservationException {
        return looks.current(limits.lookAge());
    }

    private PortView view(
            PortKey port,
            HostSnapshot look,
            List<Listener> sockets,
            List<PortView.Use> uses,
            PortHolders holders,
            Optional<Blockage> blockage) {
        List<PortView.Socket> judged = sockets.stream()
                .map(socket -> {
                    PortHolders.Judged each = holders.of(look, port, List.of(socket));
                    return new PortView.Socket(socket, each.holder(), each.holders());
                })
                .toList();
        Optional<Reservation> reservation = registry.reservation(port);
        List<Conflict> conflicts = registry.openConflicts().stream()
                .filter(conflict -> conflict.port().equals(port))
                .toList();
        boolean covered = look.completeness().covers(port.protocol());
        boolean held = holds.isHeld(port);
        PortView bare =
                new PortView(port, judged, uses, reservation, held, conflicts, registry.eviction(port), blockage, "");
        return new PortView(
                port,
                judged,
                uses,
                reservation,
                held,
                conflicts,
                bare.eviction(),
                blockage,
                PortWords.explain(bare, covered, look.completeness().gaps(), rules));
    }

    private Map<PortKey, List<PortView.Use>> uses(boolean all) {
        Map<PortKey, List<PortView.Use>> uses = new HashMap<>();
        for (Service service : registry.services()) {
            service.assigned().ifPresent(port -> add(uses, port, service, PortView.Use.Role.ASSIGNED));
            ServiceSpec spec = service.spec();
            spec.preferred().ifPresent(port -> add(uses, port, service, PortView.Use.Role.PREFERRED));
            if (all) {
                for (int alternative : spec.alternativePorts()) {
                    add(uses, new PortKey(spec.protocol(), alternative), service, PortView.Use.Role.ALTERNATIVE);
                }
            }
        }
        return uses;
    }

    private static void add(
            Map<PortKey, List<PortView.Use>> uses, PortKey port, Service service, PortView.Use.Role role) {
        uses.computeIfAbsent(port, key -> new ArrayList<>(1)).add(new PortView.Use(service.key(), role));
    }
}
