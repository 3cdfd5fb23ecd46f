package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.ServiceState;
import dev.berth.model.Stop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to do about one service now.
 *
 * @param actions in order; empty when the world is as wanted. {@link Action.Wait} and {@link Action.Report} change nothing
 *     and may repeat from pass to pass
 * @param state the service's state if every action succeeds
 * @param conditions what can be said of the service if every action succeeds; {@code lastTransitionTime} is {@code now},
 *     merging keeps the older time
 * @param requeueAfter look again after this long at the latest, whatever else happens
 */
public record Plan(
        List<Action> actions, ServiceState state, List<Condition> conditions, Optional<Duration> requeueAfter) {
    public Plan {
        actions = List.copyOf(actions);
        conditions = List.copyOf(conditions);
    }

    /**
     * May what runs have to be ended to be started anew, now or when others have made room? Then it has to be known first
     * whether it can be.
     */
    public boolean leadsToRestart() {
        return actions.stream()
                        .anyMatch(action -> action instanceof Action.EvictHolders
                                || action instanceof Action.StopOwner
                                || (action instanceof Action.StopProcess stop && stop.then() == Stop.Then.START))
                || conditions.stream().anyMatch(each -> each.reason().equals(Exchange.AGREED));
    }
}
