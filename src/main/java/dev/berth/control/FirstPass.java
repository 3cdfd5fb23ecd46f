package dev.berth.control;

import static java.util.Objects.requireNonNull;

import dev.berth.host.ObservationException;
import dev.berth.model.AuditEntry;
import dev.berth.model.Launch;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.Stop;
import dev.berth.model.StoredObject;
import dev.berth.plan.Action;
import dev.berth.plan.Policy;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Stores declarations, and with them what their first passes would store, where that is no more than a port to be taken and the
 * intent to start or to stop: so the answer has the port, and one transaction does for all. Whatever else a service needs, and to
 * carry out what is intended, is left to the loop.
 */
final class FirstPass {
    /**
     * Of more services at once none is judged here: each is judged with all others before it, under a lock that other changes wait
     * for, and the loop does it with many hands.
     */
    private static final int MOST_AT_ONCE = 250;

    private final Registry registry;
    private final Proposals proposals;
    private final PortClaims claims;
    private final Function<ServiceKey, Policy> policy;
    private final Consumer<Collection<WorkKey>> enqueue;

    FirstPass(
            Registry registry,
            Proposals proposals,
            PortClaims claims,
            Function<ServiceKey, Policy> policy,
            Consumer<Collection<WorkKey>> enqueue) {
        this.registry = registry;
        this.proposals = proposals;
        this.claims = claims;
        this.policy = policy;
        this.enqueue = enqueue;
    }

    /** A service as it is wanted, and the entry that says so. */
    record Wish(Service service, AuditEntry declared) {}

    /** Has the ports of one service until it is known whether they are stored. */
    private record Claimant(ServiceKey service, Object claims) {
        Claimant(Service wanted) {
            this(wanted.key(), new Object());
        }
    }

    /** Stores the service and the entry; returns the service as stored. What it is to run is left to the loop. */
    Service store(Service wanted, AuditEntry declared) throws StoreException, StaleVersionException {
        Claimant claimant = new Claimant(wanted);
        Wish wish = new Wish(wanted, declared);
        return (Service) commit(List.of(claimant), ChangeSet.builder(), changes -> {
                    Optional<ServiceDraft> draft = isAtRest(wanted)
                            ? simple(wanted, registry::services, claimant, FirstPass::isAssignment)
                                    .map(ServiceDraft::withoutStart)
                            : Optional.empty();
                    add(wish, draft, changes);
                    return draft.stream().toList();
                })
                .get(0);
    }

    /**
     * Stores what one file declares, which is judged in this order: the first has the first choice of the ports.
     *
     * @param changes what is stored with it
     * @param judging false leaves all judging to the loop
     * @return everything as stored
     */
    List<StoredObject> store(List<Wish> wishes, ChangeSet.Builder changes, boolean judging)
            throws StoreException, StaleVersionException {
        List<Claimant> claimants =
                wishes.stream().map(each -> new Claimant(each.service())).toList();
        boolean here = judging && wishes.size() <= MOST_AT_ONCE && !haveReplicas(wishes);
        return commit(claimants, changes, all -> here ? judge(wishes, claimants, all) : plainly(wishes, all));
    }

    /** Those are made by the loop one after the other, and nothing starts or stops out of turn with them. */
    private boolean haveReplicas(List<Wish> wishes) {
        Set<ServiceKey> wanted =
                wishes.stream().map(each -> each.service().key()).collect(Collectors.toSet());
        return wishes.stream().anyMatch(each -> each.service().spec().replicas() > 1)
                || registry.services().stream()
                        .map(Service::key)
                        .anyMatch(key -> key.isReplica() && wanted.contains(key.origin()));
    }

    private static List<ServiceDraft> plainly(List<Wish> wishes, ChangeSet.Builder changes) {
        wishes.forEach(each -> add(each, Optional.empty(), changes));
        return List.of();
    }

    private List<ServiceDraft> judge(List<Wish> wishes, List<Claimant> claimants, ChangeSet.Builder changes) {
        Together together = new Together(wishes);
        // Nothing starts before every service has its port.
        boolean starting = wishes.stream().map(Wish::service).allMatch(Replicas::isJudged);
        List<ServiceDraft> drafts = new ArrayList<>();
        for (int i = 0; i < wishes.size(); i++) {
            Wish wish = wishes.get(i);
            Optional<ServiceDraft> draft = isPlain(wish.service())
                    ? simple(wish.service(), together::now, claimants.get(i), FirstPass::isSimple)
                            .map(each -> starting ? each : each.withoutStart())
                    : Optional.empty();
            draft.ifPresent(drafts::add);
            draft.ifPresent(each -> together.judged(each.result()));
            add(wish, draft, changes);
        }
        return drafts;
    }

    /** All services as the next one of a file sees them: those before it in the file have been judged. */
    private final class Together {
        private final Map<ServiceKey, Service> wanted = new LinkedHashMap<>();
        private final Map<ServiceKey, Integer> places = new HashMap<>();
        private List<Service> stored = List.of();
        private List<Service> all = List.of();

        Together(List<Wish> wishes) {
            wishes.forEach(each -> wanted.put(each.service().key(), each.service()));
            putTogether(registry.services());
        }

        private void putTogether(List<Service> latest) {
            stored = latest;
            all = with(stored, wanted.values());
            places.clear();
            for (int i = 0; i < all.size(); i++) {
                places.put(all.get(i).key(), i);
            }
        }

        /** Others may have got ports meanwhile. */
        List<Service> now() {
            List<Service> latest = registry.services();
            if (!latest.equals(stored)) {
                putTogether(latest);
            }
            return all;
        }

        void judged(Service result) {
            wanted.put(result.key(), result);
            all.set(requireNonNull(places.get(result.key())), result);
        }
    }

    /** All services as they would be with these, the oldest first. */
    static List<Service> with(List<Service> stored, Collection<Service> wanted) {
        Map<ServiceKey, Service> all = new LinkedHashMap<>();
        stored.forEach(each -> all.put(each.key(), each));
        wanted.forEach(each -> all.put(each.key(), each));
        List<Service> together = new ArrayList<>(all.values());
        together.sort(Comparator.comparing(service -> service.metadata().creationTimestamp()));
        return together;
    }

    private static void add(Wish wish, Optional<ServiceDraft> draft, ChangeSet.Builder changes) {
        changes.put(draft.map(ServiceDraft::result).orElse(wish.service()));
        changes.audit(wish.declared());
        draft.ifPresent(first -> first.changes().audit().forEach(changes::audit));
    }

    /** Adds to the changes what is declared, and what was judged of it. */
    private interface Judging {
        List<ServiceDraft> of(ChangeSet.Builder changes);
    }

    private List<StoredObject> commit(List<Claimant> claimants, ChangeSet.Builder changes, Judging judging)
            throws StoreException, StaleVersionException {
        List<ServiceDraft> drafts = List.of();
        boolean stored = false;
        boolean doubtful = false;
        try {
            drafts = judging.of(changes);
            drafts.forEach(ServiceDraft::committing);
            List<StoredObject> objects = registry.commit(changes.build());
            stored = true;
            return objects;
        } catch (StoreException e) {
            doubtful = true;
            throw e;
        } finally {
            if (!stored) {
                drafts.forEach(ServiceDraft::notCommitted);
            }
            for (Claimant each : claimants) {
                if (doubtful) {
                    claims.handOver(each.claims(), WorkKey.service(each.service()));
                } else {
                    claims.release(each.claims());
                }
            }
            if (stored || doubtful) {
                enqueue.accept(claimants.stream()
                        .<WorkKey>map(each -> WorkKey.service(each.service()))
                        .toList());
            }
            if (stored) {
                // Telling of it takes as long as starting the first of them does.
                drafts.forEach(ServiceDraft::committed);
            }
        }
    }

    private Optional<ServiceDraft> simple(
            Service wanted, Supplier<List<Service>> all, Claimant claimant, Predicate<Action> simple) {
        try {
            Optional<Proposals.Proposal> proposal = proposals.propose(
                    () -> Optional.of(new Proposals.Declared(wanted, all.get())),
                    policy.apply(wanted.key()),
                    claimant.claims());
            Optional<ServiceDraft> draft = proposal.filter(
                            each -> each.obstacle().isEmpty())
                    .map(Proposals.Proposal::draft)
                    .filter(each -> each.plan().actions().stream().allMatch(simple)
                            && each.situation().conflicts().isEmpty());
            if (draft.isEmpty()) {
                // Who is judged after it may have what the loop would give it.
                claims.release(claimant.claims());
            }
            return draft;
        } catch (ObservationException | StoreException e) {
            // The loop meets the same trouble and tells of it; the declaration does not depend on it.
            return Optional.empty();
        }
    }

    /** Nothing is intended for it that is not settled: before that nothing else is decided about it. */
    private static boolean isAtRest(Service service) {
        Run run = service.status().runOrNone();
        return run.stop().isEmpty() && run.launch().flatMap(Launch::act).isEmpty();
    }

    /**
     * Judging it takes no look at anybody's files, which may take its time: none that would have to be installed, restarted, or
     * has a port and does not run for a reason that lies in files.
     */
    private static boolean isPlain(Service service) {
        boolean down =
                service.status().process().isEmpty() && service.status().port().isEmpty();
        return isAtRest(service)
                && service.spec().install().isEmpty()
                && (down || service.spec().isObserved() || !service.spec().running());
    }

    /** Nothing about processes but a start, which is the loop's. */
    private static boolean isAssignment(Action action) {
        return action instanceof Action.AssignPort
                || action instanceof Action.StartProcess
                || action instanceof Action.Wait;
    }

    /** ... and what the file itself asks for: that it stops. */
    private static boolean isSimple(Action action) {
        return isAssignment(action)
                || action instanceof Action.StopProcess stop && stop.then() == Stop.Then.STAY && !stop.force();
    }
}
