package dev.berth.control;

import dev.berth.model.Outcome;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.Stop;
import dev.berth.plan.Action;
import java.util.Optional;

/** Writes down that a service's processes are about to be ended; {@link Stopping} does it once that is on disk. */
final class StopHandler {
    private final StopPhases phases;
    private final StopSignals sent;
    private final DecisionLog log;

    StopHandler(StopPhases phases, StopSignals sent, DecisionLog log) {
        this.phases = phases;
        this.sent = sent;
        this.log = log;
    }

    Optional<String> handle(Action.StopProcess action, ServiceDraft draft) {
        Service service = draft.service();
        Run run = draft.run().orElse(Run.NONE);
        Stop stop = phases.begun(service, action.reason(), action.then(), action.force(), draft.now());
        String act = stop.act().orElseThrow();
        draft.run(run.withStop(Optional.of(stop)));
        draft.audit(Audits.stopSignalled(
                draft.now(),
                service.key(),
                act,
                action.reason(),
                Outcome.INTENDED,
                phases.signal(service, stop).name()));
        draft.beforeCommit(() -> sent.intended(act), () -> sent.closed(act));
        draft.afterCommit(() -> log.decided(Optional.empty(), "stopping " + service.key() + ": " + action.reason()));
        return Optional.empty();
    }
}
