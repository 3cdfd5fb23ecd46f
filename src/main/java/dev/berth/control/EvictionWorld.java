package dev.berth.control;

import dev.berth.host.ProcessControl;
import dev.berth.model.AuditEntry;
import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.plan.Addresses;
import dev.berth.plan.Policy;
import dev.berth.store.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the phases of an eviction ask about the machine and the declarations. */
final class EvictionWorld {
    private final Registry registry;
    private final ProcessControl processes;

    EvictionWorld(Registry registry, ProcessControl processes) {
        this.registry = registry;
        this.processes = processes;
    }

    Optional<Service> service(Eviction eviction) {
        return eviction.service().flatMap(registry::service);
    }

    /** The sockets that must go: for a service those that collide with its host, for a caller all of the port. */
    List<Listener> colliding(Eviction eviction, HostSnapshot look) {
        List<Listener> all = look.on(eviction.port());
        Optional<String> host = service(eviction).map(Service::spec).map(ServiceSpec::wantedHost);
        return host.isEmpty()
                ? all
                : all.stream()
                        .filter(listener -> Addresses.collides(host.get(), listener))
                        .toList();
    }

    /** The address on which the port must be bindable in the end. */
    String bindHost(Eviction eviction) {
        return service(eviction).map(Service::spec).map(ServiceSpec::wantedHost).orElse("0.0.0.0");
    }

    /** The eviction with every target marked that has ended, and a record of each that was not marked before. */
    Exits exits(Eviction eviction, Instant now) {
        List<AuditEntry> audit = new ArrayList<>();
        List<Eviction.Target> targets = new ArrayList<>();
        for (Eviction.Target target : eviction.targets()) {
            if (!target.gone()
                    && target.openAct().isEmpty()
                    && processes.liveness(target.process()) == ProcessControl.Liveness.GONE) {
                audit.add(Audits.exited(now, eviction, target));
                targets.add(Targets.done(target));
            } else {
                targets.add(target);
            }
        }
        return new Exits(audit.isEmpty() ? eviction : eviction.withTargets(targets), audit);
    }

    record Exits(Eviction eviction, List<AuditEntry> audit) {
        boolean any() {
            return !audit.isEmpty();
        }
    }

    /** How long a port that was emptied is watched. */
    static Duration watchLength(Eviction eviction, Policy policy) {
        return eviction.grace().compareTo(policy.respawnWatch()) < 0 ? eviction.grace() : policy.respawnWatch();
    }
}
