package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.plan.Action;
import dev.berth.plan.Plan;
import dev.berth.plan.Policy;
import dev.berth.plan.Situation;
import dev.berth.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes a plan that fits the world at this moment, with everything that would be stored for it. Nothing is stored or
 * signalled here, so a dry run and a real pass are the same question.
 */
final class Proposals {
    private final Looks looks;
    private final ServiceLooks serviceLooks;
    private final Situations situations;
    private final PlanMaker planner;
    private final ActionHandlers handlers;
    private final PortClaims claims;
    private final InstantSource clock;
    private final Limits limits;

    Proposals(
            Looks looks,
            Situations situations,
            PlanMaker planner,
            ActionHandlers handlers,
            PortClaims claims,
            InstantSource clock,
            Limits limits) {
        this.looks = looks;
        this.serviceLooks = new ServiceLooks(looks, clock, limits.lookAge());
        this.situations = situations;
        this.planner = planner;
        this.handlers = handlers;
        this.claims = claims;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * A service and every declared one, as they are at the moment of asking.
     *
     * @param all what they say of {@code service} itself does not count
     */
    record Declared(Service service, List<Service> all) {}

    /**
     * @param obstacle why the plan does not fit after all tries; empty when it does
     */
    record Proposal(ServiceDraft draft, Optional<String> obstacle) {}

    /**
     * @param declared asked again before each try; empty when the service has gone meanwhile
     * @param claimant whose claims on ports the proposal takes; the caller releases them
     * @return empty when there is no service any more
     */
    Optional<Proposal> propose(Supplier<Optional<Declared>> declared, Policy policy, Object claimant)
            throws ObservationException, StoreException {
        Map<PortKey, List<ProcessRef>> confirmed = Map.of();
        Map<PortKey, HostSnapshot> inspected = new HashMap<>();
        Optional<Proposal> last = Optional.empty();
        for (int round = 0; round < limits.rounds(); round++) {
            Optional<Declared> current = declared.get();
            if (current.isEmpty()) {
                return Optional.empty();
            }
            Service service = current.get().service();
            Situation situation = situations.of(service, current.get().all(), serviceLooks.of(service));
            // After the look: an exit that it noticed must not seem to lie ahead, as if the clock had been set back.
            Instant now = clock.instant();
            Plan plan = planner.plan(situation, policy, now);
            if (plan.leadsToRestart()) {
                // What runs is not ended for a start that is known to fail.
                situation = situations.foreseeing(situation);
                plan = planner.plan(situation, policy, now);
            }
            ServiceDraft draft = new ServiceDraft(situation, plan, now, inspected, claimant);
            Map<PortKey, List<ProcessRef>> endings = ActionHandlers.endings(plan);
            if (!agree(endings, confirmed)) {
                for (PortKey port : endings.keySet()) {
                    inspected.put(port, looks.inspect(port));
                }
                confirmed = endings;
                last = Optional.of(new Proposal(draft, Optional.of("who holds the port kept changing")));
                continue;
            }
            Optional<String> misfit = carryOut(plan, draft);
            last = Optional.of(new Proposal(draft, misfit));
            if (misfit.isEmpty()) {
                return last;
            }
            claims.release(claimant);
        }
        return last;
    }

    private static boolean agree(Map<PortKey, List<ProcessRef>> endings, Map<PortKey, List<ProcessRef>> confirmed) {
        return endings.entrySet().stream()
                .allMatch(each -> confirmed.containsKey(each.getKey())
                        && new HashSet<>(each.getValue()).equals(new HashSet<>(confirmed.get(each.getKey()))));
    }

    private Optional<String> carryOut(Plan plan, ServiceDraft draft) throws ObservationException {
        for (Action action : plan.actions()) {
            Optional<String> misfit = handlers.handle(action, draft);
            if (misfit.isPresent()) {
                return misfit;
            }
        }
        return Optional.empty();
    }
}
