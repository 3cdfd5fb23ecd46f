package dev.berth.control;

import dev.berth.model.AuditEntry;
import dev.berth.model.Caller;
import dev.berth.model.ObjectRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Takes wishes for services: stores them, tells the loop, answers at once. What is returned is on disk.
 *
 * <p>An unchanged wish writes nothing. The generation grows with the spec only. Without a version to match, a change that
 * meets a concurrent one is made again on the newer state, a bounded number of times.
 */
public final class Declarations {
    /** Passes of the loop change a service's version as well; more concurrent changes than this are somebody's loop. */
    static final int TRIES = 16;

    private final Registry registry;
    private final FirstPass firstPass;
    private final Deletions deletions;
    private final DryRuns dryRuns;
    private final InstantSource clock;
    private final Supplier<String> ids;
    /** By namespace; as few as have had services that depend on others. */
    private final ConcurrentMap<String, Lock> dependencies = new ConcurrentHashMap<>();

    Declarations(
            Registry registry,
            FirstPass firstPass,
            Deletions deletions,
            DryRuns dryRuns,
            InstantSource clock,
            Supplier<String> ids) {
        this.registry = registry;
        this.firstPass = firstPass;
        this.deletions = deletions;
        this.dryRuns = dryRuns;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Held from judging what services depend on until that is stored: two that are judged at the same moment could close a
     * circle which neither of them sees. Services depend on those of their own namespace only, so each has its own: nobody
     * waits for what another user is doing.
     */
    public Lock dependencies(String namespace) {
        return dependencies.computeIfAbsent(namespace, any -> new ReentrantLock());
    }

    /**
     * Creates the service or changes it to what is declared. When its port is there for the taking, the answer has it
     * already.
     *
     * @param caller becomes the owner of a new service that names no other; an existing one keeps its owner
     * @param ifMatch the resourceVersion that it must have
     * @throws StaleVersionException when {@code ifMatch} is given and is not the current version (or there is no such
     *     service), or when concurrent changes went on for too long
     */
    public Declared declare(Declaration declaration, Caller caller, OptionalLong ifMatch)
            throws StoreException, StaleVersionException {
        for (int tries = 1; ; tries++) {
            try {
                return tryDeclare(declaration, caller, ifMatch);
            } catch (StaleVersionException e) {
                if (ifMatch.isPresent() || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Declared tryDeclare(Declaration declaration, Caller caller, OptionalLong ifMatch)
            throws StoreException, StaleVersionException {
        Optional<Service> existing = registry.service(declaration.key());
        requireMatch(declaration.key(), existing, ifMatch);
        Wanted wanted = wanted(declaration, existing, caller, clock.instant());
        if (wanted.change() == Declared.Change.UNCHANGED) {
            return new Declared(wanted.change(), wanted.service());
        }
        Service stored = firstPass.store(wanted.service(), audit(wanted, existing, caller));
        return new Declared(wanted.change(), stored);
    }

    /** Deletes the service; its history stays. One that has a process of its own is stopped first. */
    public Deleted delete(ServiceKey key, Caller caller, OptionalLong ifMatch)
            throws StoreException, StaleVersionException {
        for (int tries = 1; ; tries++) {
            try {
                Optional<Service> existing = registry.service(key);
                requireMatch(key, existing, ifMatch);
                if (existing.isEmpty()) {
                    return new Deleted.NotFound();
                }
                ChangeSet.Builder changes = ChangeSet.builder();
                Deleted deleted = deletions.add(existing.get(), caller.actor(), clock.instant(), changes);
                registry.commit(changes.build());
                deletions.done(existing.get());
                return deleted instanceof Deleted.Stopping
                        ? new Deleted.Stopping(registry.service(key).orElse(existing.get()))
                        : deleted;
            } catch (StaleVersionException e) {
                if (ifMatch.isPresent() || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** The dry run of {@link #declare}: judged by the same planner against the present world; writes nothing. */
    public Planned plan(Declaration declaration, Caller caller, OptionalLong ifMatch) throws StaleVersionException {
        Optional<Service> existing = registry.service(declaration.key());
        requireMatch(declaration.key(), existing, ifMatch);
        return dryRuns.declare(List.of(wanted(declaration, existing, caller, clock.instant())), List.of())
                .get(0);
    }

    /** The dry run of {@link #delete}; empty when there is no such service. */
    public Optional<Planned> planDelete(ServiceKey key, OptionalLong ifMatch) throws StaleVersionException {
        Optional<Service> existing = registry.service(key);
        requireMatch(key, existing, ifMatch);
        return existing.map(service -> dryRuns.delete(service, clock.instant()));
    }

    /** A service as it would be. */
    record Wanted(Declared.Change change, Service service) {}

    Wanted wanted(Declaration declaration, Optional<Service> existing, Caller caller, Instant at) {
        if (existing.isEmpty()) {
            return new Wanted(
                    Declared.Change.CREATED,
                    Wishes.created(
                            declaration, declaration.owner().orElse(caller.user()), caller.origin(), at, ids.get()));
        }
        Service changed = Wishes.changed(existing.get(), declaration);
        return new Wanted(
                changed.equals(existing.get()) ? Declared.Change.UNCHANGED : Declared.Change.CHANGED, changed);
    }

    AuditEntry audit(Wanted wanted, Optional<Service> existing, Caller caller) {
        return Audits.ofService(
                clock.instant(),
                caller.actor(),
                Audits.SERVICE_DECLARED,
                wanted.service().key(),
                existing.isPresent() ? "declared anew" : "declared",
                existing.map(before -> Wishes.difference(before, wanted.service()))
                        .orElseGet(() -> "port "
                                + wanted.service()
                                        .spec()
                                        .preferred()
                                        .map(Object::toString)
                                        .orElse("any")),
                Optional.empty());
    }

    private static void requireMatch(ServiceKey key, Optional<Service> existing, OptionalLong ifMatch)
            throws StaleVersionException {
        if (ifMatch.isEmpty()) {
            return;
        }
        OptionalLong found = existing.map(service -> OptionalLong.of(service.resourceVersion()))
                .orElse(OptionalLong.empty());
        if (!found.equals(ifMatch)) {
            throw new StaleVersionException(ObjectRef.service(key), ifMatch.getAsLong(), found);
        }
    }
}
