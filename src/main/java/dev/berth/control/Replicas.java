package dev.berth.control;

import dev.berth.model.Actor;
import dev.berth.model.PortRange;
import dev.berth.model.Ports;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Keeps the instances of a service beyond its first as it says. Each is a service of its own in the registry, so that ports,
 * conflicts, health and restarts are its own; it is made in a pass of the service and follows it in its own passes, so that
 * each object is written by one worker.
 */
final class Replicas {
    /** The annotation of a replica: the name of the service. */
    static final String REPLICA_OF = "berth.dev/replica-of";

    /**
     * How far above the service's port its replicas' ports are looked for when it names no range: ten times as many ports as
     * a service may have replicas, so that neighbours are found beside one another or not at all.
     */
    static final int PORTS_ABOVE = 1000;

    /** Between the ages of two instances; ages in an apply are as far apart. */
    private static final int NANOS_APART = 1000;

    private final Registry registry;
    private final FirstPass firstPass;
    private final Deletions deletions;
    private final InstantSource clock;
    private final Supplier<String> ids;

    Replicas(Registry registry, FirstPass firstPass, Deletions deletions, InstantSource clock, Supplier<String> ids) {
        this.registry = registry;
        this.firstPass = firstPass;
        this.deletions = deletions;
        this.clock = clock;
        this.ids = ids;
    }

    /** What is stored of a service's replicas, by number. */
    static List<Service> of(ServiceKey service, List<Service> all) {
        return all.stream()
                .filter(each -> each.key().isReplica() && each.key().origin().equals(service))
                .toList();
    }

    /** What stands behind this instance of a service; empty when the service wants no such instance. */
    static Optional<Declaration> declared(Service service, int instance) {
        boolean wanted = service.metadata().deletionTimestamp().isEmpty()
                && !service.spec().isObserved()
                && instance < service.spec().replicas();
        return wanted
                ? Optional.of(new Declaration(
                        service.key().replica(instance),
                        spec(service.spec()),
                        service.metadata().labels(),
                        Map.of(REPLICA_OF, service.key().name())))
                : Optional.empty();
    }

    /** What stands behind each of its further instances. */
    static List<Declaration> declared(Service service) {
        return IntStream.range(1, service.spec().replicas())
                .mapToObj(instance -> declared(service, instance))
                .flatMap(Optional::stream)
                .toList();
    }

    /** One that is not there yet, a little younger than its service. */
    static Service created(Service service, Declaration declaration, String id) {
        return Wishes.created(
                declaration,
                service.metadata().owner(),
                Wishes.origin(service),
                service.metadata()
                        .creationTimestamp()
                        .plusNanos((long) NANOS_APART * declaration.key().instance()),
                id);
    }

    /** Is the replica as its service says? */
    static boolean isInStep(Service replica, Optional<Service> service) {
        return service.flatMap(each -> declared(each, replica.key().instance()))
                .filter(declaration -> Wishes.changed(replica, declaration).equals(replica))
                .isPresent();
    }

    private static ServiceSpec spec(ServiceSpec service) {
        ServiceSpec.Builder spec = service.toBuilder().replicas(1).withoutPort();
        service.portRange().or(() -> above(service.port())).ifPresent(spec::portRange);
        return spec.build();
    }

    private static Optional<PortRange> above(OptionalInt port) {
        return port.isPresent() && port.getAsInt() < Ports.MAX
                ? Optional.of(new PortRange(port.getAsInt() + 1, Math.min(port.getAsInt() + PORTS_ABOVE, Ports.MAX)))
                : Optional.empty();
    }

    /** Makes what a service lacks, or has a replica follow its service, before it is judged. */
    void follow(ServiceKey key) throws StoreException, StaleVersionException {
        Optional<Service> found = registry.service(key);
        if (found.isPresent() && key.isReplica()) {
            keepInStep(found.orElseThrow(), registry.service(key.origin()));
        } else if (found.isPresent()) {
            add(found.orElseThrow());
        }
    }

    /**
     * One after the other, each when the one before it has been judged: the first has the first choice of the ports, and they
     * come in the order of the instances where they are free. What is left to do is done when the one that is waited for changes.
     */
    private void add(Service service) throws StoreException, StaleVersionException {
        boolean judged = isJudged(service);
        for (Declaration declaration : declared(service)) {
            if (!judged) {
                return;
            }
            Optional<Service> there = registry.service(declaration.key());
            judged = isJudged(there.isPresent() ? there.orElseThrow() : add(service, declaration));
        }
    }

    private Service add(Service service, Declaration declaration) throws StoreException, StaleVersionException {
        return firstPass.store(
                created(service, declaration, ids.get()),
                Audits.ofService(
                        clock.instant(),
                        Actor.CONTROLLER,
                        Audits.SERVICE_DECLARED,
                        declaration.key(),
                        "replica " + declaration.key().instance() + " of " + service.key(),
                        "port any",
                        Optional.empty()));
    }

    /** Has it been decided which port it gets? */
    static boolean isJudged(Service service) {
        return service.status().observedGeneration() > 0;
    }

    /** The service has replicas to be made, which need ports before it is started itself: once it has been judged, they come. */
    static boolean precedes(Service service) {
        return !isJudged(service) && !declared(service).isEmpty();
    }

    private void keepInStep(Service replica, Optional<Service> service) throws StoreException, StaleVersionException {
        if (isInStep(replica, service)) {
            return;
        }
        ChangeSet.Builder changes = ChangeSet.builder();
        Optional<Declaration> wanted =
                service.flatMap(each -> declared(each, replica.key().instance()));
        if (wanted.isPresent()) {
            Service changed = Wishes.changed(replica, wanted.orElseThrow());
            changes.put(changed);
            changes.audit(Audits.ofService(
                    clock.instant(),
                    Actor.CONTROLLER,
                    Audits.SERVICE_DECLARED,
                    replica.key(),
                    "as its service " + replica.key().origin() + " is declared now",
                    Wishes.difference(replica, changed),
                    Optional.empty()));
            registry.commit(changes.build());
        } else if (replica.metadata().deletionTimestamp().isEmpty()) {
            deletions.add(replica, Actor.CONTROLLER, clock.instant(), changes);
            registry.commit(changes.build());
            deletions.done(replica);
        }
    }
}
