package dev.berth.control;

import dev.berth.host.Signal;
import dev.berth.model.Outcome;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.Stop;
import dev.berth.plan.Action;
import dev.berth.plan.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Writes down that a service's processes are about to be ended; {@link Stopping} does it once that is on disk. */
final class StopHandler {
    private final Supplier<String> ids;
    private final Acts<List<Stopping.Sent>> acts;
    private final Supplier<Policy> policy;
    private final DecisionLog log;

    StopHandler(Supplier<String> ids, Acts<List<Stopping.Sent>> acts, Supplier<Policy> policy, DecisionLog log) {
        this.ids = ids;
        this.acts = acts;
        this.policy = policy;
        this.log = log;
    }

    Optional<String> handle(Action.StopProcess action, ServiceDraft draft) {
        Service service = draft.service();
        Run run = draft.run().orElse(Run.NONE);
        String act = ids.get();
        Signal signal = action.force()
                ? Signal.SIGKILL
                : service.spec().stopSignal().map(Signal::valueOf).orElse(Signal.SIGTERM);
        Instant deadline = draft.now()
                .plus(action.force() ? Stopping.KILL_WAIT : policy.get().gracePeriod(service.spec()));
        draft.run(run.withStop(Optional.of(new Stop(
                action.reason(),
                action.then(),
                action.force(),
                action.force() ? Stop.Phase.KILLING : Stop.Phase.TERMINATING,
                draft.now(),
                deadline,
                List.of(),
                Optional.of(act)))));
        draft.audit(Audits.stopSignalled(
                draft.now(), service.key(), act, action.reason(), Outcome.INTENDED, signal.name()));
        draft.afterCommit(() -> {
            acts.intended(Set.of(act));
            log.decided(Optional.empty(), "stopping " + service.key() + ": " + action.reason());
        });
        return Optional.empty();
    }
}
