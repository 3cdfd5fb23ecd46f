package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.RestartRequest;
import dev.berth.model.Run;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what runs may be ended so that it is started anew. Where the next start is known to fail, what runs goes on, and
 * is restarted once it can be; of several instances each goes on until the one before it is ready again. A restart that was
 * asked for with force is made all the same.
 */
public final class RestartGate {
    private static final Duration MEANWHILE = Duration.ofSeconds(1);

    private static final String SIBLING_FAILED = "SiblingFailed";

    private static final Set<String> LASTING =
            Set.of(StartGate.CANNOT_START, StartGate.DEPENDENCY_FAILED, SIBLING_FAILED);

    private final Draft draft;
    private final Run run;
    private final StartGate starts;
    private final Siblings siblings;
    private boolean told;

    /** @param run of the service that runs */
    RestartGate(Draft draft, Run run, StartGate starts, Siblings siblings) {
        this.draft = draft;
        this.run = run;
        this.starts = starts;
        this.siblings = siblings;
    }

    /**
     * Why the restart has to wait, which is said then; empty when it may be made.
     *
     * @param why it is to be restarted, as the beginning of a sentence
     */
    Optional<StartGate.Hindrance> putOff(String why) {
        Optional<StartGate.Hindrance> hindrance = hindrance();
        // There may be two reasons for one restart; the first one counts.
        hindrance.filter(each -> !told).ifPresent(each -> {
            told = true;
            String message = why + ", but " + each.message() + "; what runs goes on, and is restarted once it can be";
            draft.add(new Action.Wait(message));
            draft.condition(Condition.UP_TO_DATE, Status.FALSE, each.reason(), message);
            draft.lookAgainWithin(each.goneAfter());
        });
        return hindrance;
    }

    /** Would a restart have to wait? */
    boolean isShut() {
        return hindrance().isPresent();
    }

    private Optional<StartGate.Hindrance> hindrance() {
        return run.request().filter(RestartRequest::force).isPresent()
                ? Optional.empty()
                : starts.foreseen()
                        .map(each -> each.saying("it can't be started again now: " + each.message()))
                        .or(this::turn);
    }

    /** An instance of a service waits for its turn. */
    private Optional<StartGate.Hindrance> turn() {
        return siblings.restartingBefore().map(before -> {
            ServiceState state = before.status().state();
            Optional<Condition> old = before.status().condition(Condition.UP_TO_DATE);
            boolean lasting = state == ServiceState.FAILED
                    || state == ServiceState.BLOCKED
                    || old.filter(RestartGate::isLasting).isPresent();
            String now = old.or(() -> before.status().condition(Condition.READY))
                    .filter(known -> known.status() != Status.TRUE)
                    .map(known -> "; now: " + known.message())
                    .orElse("");
            return new StartGate.Hindrance(
                    lasting ? SIBLING_FAILED : "WaitingForSibling",
                    "it waits until " + before.key().name() + " is restarted and ready" + now,
                    lasting,
                    MEANWHILE);
        });
    }

    /** Does what is said of a put off restart hold until somebody mends something? */
    public static boolean isLasting(Condition upToDate) {
        return LASTING.contains(upToDate.reason());
    }
}
