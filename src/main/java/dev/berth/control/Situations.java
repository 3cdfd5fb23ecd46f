package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.plan.BerthIdentity;
import dev.berth.plan.PastEviction;
import dev.berth.plan.Situation;
import dev.berth.store.Registry;
import dev.berth.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Gathers what judging a service looks at. */
final class Situations {
    private final Registry registry;
    private final Blockages blockages;
    private final History history;
    private final BerthIdentity berth;
    private final RunLooks runs;
    private final Consumer<ServiceKey> foreseen;

    /** @param foreseen told of services for which files were looked at, which change without telling anybody */
    Situations(
            Registry registry,
            Blockages blockages,
            History history,
            BerthIdentity berth,
            RunLooks runs,
            Consumer<ServiceKey> foreseen) {
        this.registry = registry;
        this.blockages = blockages;
        this.history = history;
        this.berth = berth;
        this.runs = runs;
        this.foreseen = foreseen;
    }

    /** The same with what would keep the service from being started again: costs a look at files, and is asked only before a restart. */
    Situation foreseeing(Situation situation) {
        foreseen.accept(situation.service().key());
        return situation.with(runs.foreseeing(situation.run(), situation.service(), situation.services()));
    }

    /** @param all every declared service, with the one that is judged or without it */
    Situation of(Service service, List<Service> all, HostSnapshot look) throws ObservationException, StoreException {
        history.load();
        List<Conflict> conflicts = new ArrayList<>();
        for (Conflict conflict : registry.openConflicts()) {
            if (conflict.service().equals(service.key())) {
                conflicts.add(conflict);
            }
        }
        Map<PortKey, Eviction> evictions = new HashMap<>();
        for (Eviction eviction : registry.evictions()) {
            evictions.put(eviction.port(), eviction);
        }
        Set<PortKey> ports = new LinkedHashSet<>();
        service.spec().preferred().ifPresent(ports::add);
        service.assigned().ifPresent(ports::add);
        List<PastEviction> past = new ArrayList<>();
        for (PortKey port : ports) {
            history.dismissed(service.key(), port).ifPresent(conflicts::add);
            past.addAll(history.of(port));
        }
        return new Situation(
                service,
                all,
                registry.reservations(),
                look,
                blockages.current(),
                conflicts,
                evictions,
                past,
                history.losses(),
                berth,
                runs.of(service, all));
    }
}
