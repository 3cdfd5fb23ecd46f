package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessControl;
import dev.berth.model.Condition;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceState;
import dev.berth.model.Stop;
import dev.berth.plan.Action;
import dev.berth.plan.Plan;
import dev.berth.plan.Policy;
import dev.berth.store.Registry;
import dev.berth.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Answers what would be done, by the planner and the checks of a real pass, and does nothing. */
final class DryRuns {
    private final Registry registry;
    private final Proposals proposals;
    private final PortClaims claims;
    private final ProcessControl processes;
    private final Function<ServiceKey, Policy> policy;
    private final InstantSource clock;

    DryRuns(
            Registry registry,
            Proposals proposals,
            PortClaims claims,
            ProcessControl processes,
            Function<ServiceKey, Policy> policy,
            InstantSource clock) {
        this.registry = registry;
        this.proposals = proposals;
        this.claims = claims;
        this.processes = processes;
        this.policy = policy;
        this.clock = clock;
    }

    List<Planned> declare(List<Declarations.Wanted> wanted, List<Service> pruned) {
        List<Service> all = FirstPass.with(
                registry.services(),
                wanted.stream().map(Declarations.Wanted::service).toList());
        Instant now = clock.instant();
        Set<ServiceKey> gone = pruned.stream().map(Service::key).collect(Collectors.toSet());
        all.removeIf(each -> gone.contains(each.key().origin()) && !Removal.hasProcessToStop(each, processes));
        // They have their ports until what they run has ended.
        all.replaceAll(each -> gone.contains(each.key().origin())
                ? new Service(each.metadata().withDeletionTimestamp(now), each.spec(), each.status())
                : each);
        List<Planned> plans = new ArrayList<>();
        pruned.forEach(service -> plans.add(delete(service, now)));
        for (Declarations.Wanted each : wanted) {
            Plan plan = judged(each.service(), all);
            plans.add(new Planned(each.service().key(), kind(each.change()), plan, replicas(each.service(), all)));
        }
        return plans;
    }

    /** Plans for the service, and has it in the list as it would be then. */
    private Plan judged(Service service, List<Service> all) {
        Judged judged = judge(service, all);
        all.replaceAll(other -> other.key().equals(judged.service().key()) ? judged.service() : other);
        return judged.plan();
    }

    /** In the order of their numbers, those that would go last. */
    private List<Planned> replicas(Service service, List<Service> all) {
        List<Planned> plans = new ArrayList<>();
        for (Declaration declaration : Replicas.declared(service)) {
            Optional<Service> existing = registry.service(declaration.key());
            Service replica = existing.map(known -> Wishes.changed(known, declaration))
                    .orElseGet(() -> Replicas.created(service, declaration, ""));
            all.removeIf(other -> other.key().equals(replica.key()));
            all.add(replica);
            Declared.Change change = existing.isEmpty()
                    ? Declared.Change.CREATED
                    : existing.orElseThrow().equals(replica) ? Declared.Change.UNCHANGED : Declared.Change.CHANGED;
            plans.add(new Planned(replica.key(), kind(change), judged(replica, all), List.of()));
        }
        for (Service replica : Replicas.of(service.key(), List.copyOf(all))) {
            if (Replicas.declared(service, replica.key().instance()).isEmpty()) {
                all.remove(replica);
                plans.add(delete(replica, clock.instant()));
            }
        }
        return plans;
    }

    Planned delete(Service service, Instant now) {
        List<Action> actions = new ArrayList<>();
        if (Removal.hasProcessToStop(service, processes)) {
            actions.add(new Action.StopProcess(Stop.Then.STAY, false, "the service is deleted"));
        }
        service.assigned().ifPresent(port -> actions.add(new Action.ReleasePort(port, "the service is deleted")));
        return new Planned(
                service.key(),
                Planned.Kind.DELETE,
                new Plan(
                        actions,
                        ServiceState.STOPPED,
                        List.of(new Condition(
                                Condition.PORT_ASSIGNED,
                                Condition.Status.FALSE,
                                "Deleted",
                                "the service is deleted",
                                now)),
                        Optional.empty()),
                Replicas.of(service.key(), registry.services()).stream()
                        .map(replica -> delete(replica, now))
                        .toList());
    }

    /** The plan, and the service as it would be after it. */
    private record Judged(Service service, Plan plan) {}

    private Judged judge(Service service, List<Service> all) {
        Object claimant = new Object();
        try {
            Optional<Proposals.Proposal> proposal = proposals.propose(
                    () -> Optional.of(new Proposals.Declared(service, all)), policy.apply(service.key()), claimant);
            ServiceDraft draft = proposal.orElseThrow().draft();
            return new Judged(draft.result(), draft.plan());
        } catch (ObservationException | StoreException e) {
            return new Judged(service, unknown(String.valueOf(e.getMessage())));
        } finally {
            claims.release(claimant);
        }
    }

    /** What would be done can't be told now, and that is what the answer says. */
    private Plan unknown(String why) {
        return new Plan(
                List.of(new Action.Wait("what would be done can't be told now: " + why)),
                ServiceState.PENDING,
                List.of(new Condition(
                        Condition.PORT_ASSIGNED, Condition.Status.UNKNOWN, "NotSeen", why, clock.instant())),
                Optional.empty());
    }

    private static Planned.Kind kind(Declared.Change change) {
        return switch (change) {
            case CREATED -> Planned.Kind.CREATE;
            case CHANGED -> Planned.Kind.CHANGE;
            case UNCHANGED -> Planned.Kind.UNCHANGED;
        };
    }
}
