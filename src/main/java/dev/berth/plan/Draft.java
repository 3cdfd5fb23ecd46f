package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A plan being written. */
final class Draft {
    private final Instant now;
    private final List<Action> actions = new ArrayList<>();
    private final Map<String, Condition> conditions = new LinkedHashMap<>();
    private ServiceState state = ServiceState.PENDING;
    private Optional<Duration> requeueAfter = Optional.empty();

    Draft(Instant now) {
        this.now = now;
    }

    void add(Action action) {
        actions.add(action);
    }

    /** The same thing may be found over by two rules; the first one's reason counts. */
    void close(PortKey port, boolean succeeded, String reason) {
        if (actions.stream()
                .noneMatch(each -> each instanceof Action.CloseConflict close
                        && close.port().equals(port))) {
            add(new Action.CloseConflict(port, succeeded, reason));
        }
    }

    void forget(ProcessRef process, String reason) {
        if (actions.stream().noneMatch(Action.ForgetProcess.class::isInstance)) {
            add(new Action.ForgetProcess(process, reason));
        }
    }

    void state(ServiceState value) {
        state = value;
    }

    void condition(String type, Condition.Status status, String reason, String message) {
        conditions.put(type, new Condition(type, status, reason, message, now));
    }

    void carry(Condition condition) {
        conditions.put(condition.type(), condition);
    }

    void dropCondition(String type) {
        conditions.remove(type);
    }

    /** Look again after this long at the latest; the shortest of all wishes counts. */
    void lookAgainWithin(Duration delay) {
        Duration wish = delay.isNegative() ? Duration.ZERO : delay;
        requeueAfter = Optional.of(
                requeueAfter.filter(known -> known.compareTo(wish) <= 0).orElse(wish));
    }

    Plan plan() {
        return new Plan(actions, state, List.copyOf(conditions.values()), requeueAfter);
    }
}
