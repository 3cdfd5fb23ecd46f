package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.ServiceState;
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
}
