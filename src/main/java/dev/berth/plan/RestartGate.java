package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.RestartRequest;
import dev.berth.model.Run;
import java.util.Optional;

/**
 * Whether what runs may be ended so that it is started anew. Where the next start is known to fail, what runs goes on, and
 * is restarted once it can be; a restart that was asked for with force is made all the same.
 */
final class RestartGate {
    private final Draft draft;
    private final Run run;
    private final StartGate starts;
    private boolean told;

    /** @param run of the service that runs */
    RestartGate(Draft draft, Run run, StartGate starts) {
        this.draft = draft;
        this.run = run;
        this.starts = starts;
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
            String message = why + ", but it can't be started again now: " + each.message()
                    + "; what runs goes on, and is restarted once it can be";
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
        return run.request().filter(RestartRequest::force).isPresent() ? Optional.empty() : starts.foreseen();
    }
}
