package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.AuditEntry;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.plan.Action;
import dev.berth.plan.Policy;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Stores a declaration, and with it what its first pass would store, when that is no more than a port to be taken: so the
 * answer has the port, and one transaction does for both. Anything else is left to the loop.
 */
final class FirstPass {
    private final Registry registry;
    private final Proposals proposals;
    private final PortClaims claims;
    private final Function<ServiceKey, Policy> policy;
    private final Consumer<WorkKey> enqueue;

    FirstPass(
            Registry registry,
            Proposals proposals,
            PortClaims claims,
            Function<ServiceKey, Policy> policy,
            Consumer<WorkKey> enqueue) {
        this.registry = registry;
        this.proposals = proposals;
        this.claims = claims;
        this.policy = policy;
        this.enqueue = enqueue;
    }

    /** Stores the service and the entry; returns the service as stored. */
    Service store(Service wanted, AuditEntry declared) throws StoreException, StaleVersionException {
        Object claimant = new Object();
        WorkKey key = WorkKey.service(wanted.key());
        Optional<ServiceDraft> draft = simple(wanted, claimant);
        boolean released = false;
        try {
            ChangeSet.Builder changes =
                    ChangeSet.builder().put(draft.map(ServiceDraft::result).orElse(wanted));
            changes.audit(declared);
            draft.ifPresent(first -> first.changes().audit().forEach(changes::audit));
            Service stored = (Service) registry.commit(changes.build()).get(0);
            draft.ifPresent(ServiceDraft::committed);
            return stored;
        } catch (StoreException e) {
            claims.handOver(claimant, key);
            released = true;
            throw e;
        } finally {
            if (!released) {
                claims.release(claimant);
            }
            enqueue.accept(key);
        }
    }

    private Optional<ServiceDraft> simple(Service wanted, Object claimant) {
        try {
            Optional<Proposals.Proposal> proposal = proposals.propose(
                    () -> Optional.of(new Proposals.Declared(wanted, registry.services())),
                    policy.apply(wanted.key()),
                    claimant);
            return proposal.filter(each -> each.obstacle().isEmpty())
                    .map(Proposals.Proposal::draft)
                    .filter(FirstPass::isSimple)
                    .map(ServiceDraft::withoutStart);
        } catch (ObservationException | StoreException e) {
            // The loop meets the same trouble and tells of it; the declaration does not depend on it.
            return Optional.empty();
        }
    }

    /** Nothing but an assignment: no contest, and nothing about processes but a start, which is the loop's. */
    private static boolean isSimple(ServiceDraft draft) {
        return draft.plan().actions().stream()
                        .allMatch(action -> action instanceof Action.AssignPort
                                || action instanceof Action.StartProcess
                                || action instanceof Action.Wait)
                && draft.situation().conflicts().isEmpty();
    }
}
