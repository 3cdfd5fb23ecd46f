package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.Conflict;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.plan.Policy;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Brings one service nearer to what is declared: look, plan, check the plan against the world, store everything of it at
 * once. What a plan would end is looked at afresh and planned again; only when both plans agree is the intent stored.
 */
final class ServiceReconciler {
    private final Registry registry;
    private final Replicas replicas;
    private final Proposals proposals;
    private final Function<ServiceKey, Policy> policy;
    private final OwnerStops stops;
    private final Starting starting;
    private final Stopping stopping;
    private final PortClaims claims;
    private final ExitWatches watches;
    private final HealthTies health;
    private final BooleanSupplier crowded;

    /** @param crowded do others wait for a pass? Then those who are still to start something come before what became of starts */
    ServiceReconciler(
            Registry registry,
            Replicas replicas,
            Proposals proposals,
            Function<ServiceKey, Policy> policy,
            OwnerStops stops,
            Starting starting,
            Stopping stopping,
            PortClaims claims,
            ExitWatches watches,
            HealthTies health,
            BooleanSupplier crowded) {
        this.registry = registry;
        this.replicas = replicas;
        this.proposals = proposals;
        this.policy = policy;
        this.stops = stops;
        this.starting = starting;
        this.stopping = stopping;
        this.claims = claims;
        this.watches = watches;
        this.health = health;
        this.crowded = crowded;
    }

    /** Writes down what was done and is not stored yet, for whoever comes next. */
    void close() throws ObservationException, StoreException, StaleVersionException {
        starting.settleAll();
    }

    /**
     * One pass; returns when to look again at the latest.
     *
     * @throws UnsettledException when the world went on differing from the plan; to be tried again after a while
     */
    Optional<Duration> reconcile(ServiceKey key)
            throws ObservationException, StoreException, StaleVersionException, UnsettledException {
        WorkKey workKey = WorkKey.service(key);
        if (registry.writeTrouble().isEmpty()) {
            // What an earlier pass left claimed because its commit failed is known by now: not written, or in the
            // registry.
            claims.release(workKey);
        }
        replicas.follow(key);
        Optional<Service> service = registry.service(key);
        if (service.isEmpty()) {
            watches.watch(workKey, Set.of());
            return Optional.empty();
        }
        for (Conflict conflict : registry.openConflicts()) {
            if (conflict.service().equals(key)) {
                stops.collect(conflict);
            }
        }
        Optional<Duration> later = later(key, starting.launch(key));
        if (later.isPresent()) {
            return later;
        }
        starting.settle(key);
        Stopping.Progress stop = stopping.step(key);
        if (stop instanceof Stopping.Progress.UnderWay underWay) {
            return Optional.of(underWay.within());
        }
        return decide(
                service.get(), stop instanceof Stopping.Progress.Over over ? Optional.of(over) : Optional.empty());
    }

    /** When to go on with a service that has been started, unless that is now. */
    private Optional<Duration> later(ServiceKey key, boolean made) {
        Optional<Starting.Unsettled> unsettled = starting.unsettled(key, made);
        // An end of it is told at once, stored or not.
        unsettled.ifPresent(start -> watches.watch(WorkKey.service(key), Set.of(start.process())));
        return unsettled
                .map(Starting.Unsettled::within)
                .or(() -> made && crowded.getAsBoolean() ? Optional.of(Duration.ZERO) : Optional.empty());
    }

    /**
     * Plans, stores and carries out.
     *
     * @param ended the end of its processes, which is stored together with what follows from it
     */
    private Optional<Duration> decide(Service service, Optional<Stopping.Progress.Over> ended)
            throws ObservationException, StoreException, StaleVersionException, UnsettledException {
        ServiceKey key = service.key();
        WorkKey workKey = WorkKey.service(key);
        Optional<Proposals.Proposal> proposal = propose(key, ended);
        if (proposal.isEmpty()) {
            return Optional.of(Duration.ZERO);
        }
        Optional<String> obstacle = proposal.get().obstacle();
        if (obstacle.isPresent()) {
            storeAlone(ended);
            throw new UnsettledException(key + " can't be settled now: " + obstacle.get());
        }
        boolean first = Replicas.precedes(service);
        ServiceDraft draft =
                first ? proposal.get().draft().withoutStart() : proposal.get().draft();
        ended.filter(over -> isDue(key, over)).ifPresent(draft::follows);
        store(draft, workKey);
        if (first) {
            replicas.follow(key);
            return Optional.of(Duration.ZERO);
        }
        boolean made = starting.launch(key);
        Optional<Duration> later = later(key, made);
        if (later.isPresent()) {
            return later;
        }
        if (made) {
            starting.settle(key);
            registry.service(key).ifPresent(this::watch);
        }
        Stopping.Progress stop = stopping.step(key);
        if (stop instanceof Stopping.Progress.Over over) {
            // It had ended before it was told to.
            stopping.store(over);
            return Optional.of(Duration.ZERO);
        }
        return stop instanceof Stopping.Progress.UnderWay underWay
                ? Optional.of(underWay.within())
                : draft.plan().requeueAfter();
    }

    private Optional<Proposals.Proposal> propose(ServiceKey key, Optional<Stopping.Progress.Over> ended)
            throws ObservationException, StoreException, StaleVersionException {
        try {
            return proposals.propose(
                    () -> registry.service(key)
                            .map(current ->
                                    ended.flatMap(over -> over.of(current)).orElse(current))
                            .map(current -> new Proposals.Declared(current, registry.services())),
                    policy.apply(key),
                    WorkKey.service(key));
        } catch (ObservationException | StoreException | RuntimeException e) {
            storeAlone(ended);
            throw e;
        }
    }

    /** After a write of which it was doubtful whether it came to pass, the end may be on disk already. */
    private boolean isDue(ServiceKey key, Stopping.Progress.Over end) {
        return registry.service(key)
                .filter(stored -> end.due().test(stored.status().runOrNone()))
                .isPresent();
    }

    /** What follows can't be said now, but that it has ended is known. */
    private void storeAlone(Optional<Stopping.Progress.Over> ended) throws StoreException, StaleVersionException {
        if (ended.isPresent()) {
            stopping.store(ended.get());
        }
    }

    private void store(ServiceDraft draft, WorkKey key) throws StoreException, StaleVersionException {
        boolean last = Removal.isDue(draft);
        ChangeSet changes = last ? Removal.with(draft) : draft.changes();
        if (!changes.isEmpty()) {
            commit(draft, changes, key);
            draft.committed();
        }
        if (last) {
            watches.watch(key, Set.of());
            health.tie(draft.result());
        } else {
            watch(draft.result());
        }
    }

    private void commit(ServiceDraft draft, ChangeSet changes, WorkKey key)
            throws StoreException, StaleVersionException {
        draft.committing();
        try {
            registry.commit(changes);
        } catch (StaleVersionException e) {
            draft.notCommitted();
            claims.release(key);
            throw e;
        } catch (StoreException e) {
            // It may be on disk all the same, and what it gives the service must not be given to another one.
            draft.notCommitted();
            throw e;
        } catch (RuntimeException | Error broken) {
            draft.notCommitted();
            throw broken;
        }
        claims.release(key);
    }

    /** Its process, and when that has ended, what is left of its launch. */
    private void watch(Service service) {
        health.tie(service);
        watches.watch(
                WorkKey.service(service.key()),
                service.status().process().map(Set::of).orElse(Set.of()));
    }
}
