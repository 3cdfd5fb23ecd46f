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
import java.util.function.Function;

/**
 * Brings one service nearer to what is declared: look, plan, check the plan against the world, store everything of it at
 * once. What a plan would end is looked at afresh and planned again; only when both plans agree is the intent stored.
 */
final class ServiceReconciler {
    private final Registry registry;
    private final Proposals proposals;
    private final Function<ServiceKey, Policy> policy;
    private final OwnerStops stops;
    private final Removal removal;
    private final PortClaims claims;
    private final ExitWatches watches;

    ServiceReconciler(
            Registry registry,
            Proposals proposals,
            Function<ServiceKey, Policy> policy,
            OwnerStops stops,
            Removal removal,
            PortClaims claims,
            ExitWatches watches) {
        this.registry = registry;
        this.proposals = proposals;
        this.policy = policy;
        this.stops = stops;
        this.removal = removal;
        this.claims = claims;
        this.watches = watches;
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
        Optional<Duration> stopping = removal.stopFirst(service.get());
        if (stopping.isPresent()) {
            return stopping;
        }
        Optional<Proposals.Proposal> proposal = proposals.propose(
                () -> registry.service(key).map(current -> new Proposals.Declared(current, registry.services())),
                policy.apply(key),
                workKey);
        if (proposal.isEmpty()) {
            return Optional.of(Duration.ZERO);
        }
        Optional<String> obstacle = proposal.get().obstacle();
        if (obstacle.isPresent()) {
            throw new UnsettledException(key + " can't be settled now: " + obstacle.get());
        }
        ServiceDraft draft = proposal.get().draft();
        store(draft, workKey);
        return draft.plan().requeueAfter();
    }

    private void store(ServiceDraft draft, WorkKey key) throws StoreException, StaleVersionException {
        boolean last = removal.isDue(draft.service());
        ChangeSet changes = last ? removal.with(draft) : draft.changes();
        if (!changes.isEmpty()) {
            try {
                registry.commit(changes);
            } catch (StaleVersionException e) {
                claims.release(key);
                throw e;
            }
            claims.release(key);
            draft.committed();
        }
        watches.watch(key, last ? Set.of() : draft.process().map(Set::of).orElse(Set.of()));
    }
}
