package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.plan.Action;
import dev.berth.plan.Plan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who carries out which action. */
final class ActionHandlers {
    private final AssignPortHandler assign;
    private final ProcessHandlers processes;
    private final ConflictHandlers conflicts;
    private final EvictHandler evict;
    private final OwnerStops stops;
    private final StartHandler start;
    private final StopHandler stop;

    ActionHandlers(
            AssignPortHandler assign,
            ProcessHandlers processes,
            ConflictHandlers conflicts,
            EvictHandler evict,
            OwnerStops stops,
            StartHandler start,
            StopHandler stop) {
        this.assign = assign;
        this.processes = processes;
        this.conflicts = conflicts;
        this.evict = evict;
        this.stops = stops;
        this.start = start;
        this.stop = stop;
    }

    /** @return why the plan no longer fits the world; empty when it does */
    Optional<String> handle(Action action, ServiceDraft draft) throws ObservationException {
        if (action instanceof Action.AssignPort each) {
            return assign.handle(each, draft);
        }
        if (action instanceof Action.ReleasePort each) {
            return processes.release(each, draft);
        }
        if (action instanceof Action.AdoptProcess each) {
            return processes.adopt(each, draft);
        }
        if (action instanceof Action.ForgetProcess each) {
            return processes.forget(each, draft);
        }
        if (action instanceof Action.OpenConflict each) {
            return conflicts.open(each, draft);
        }
        if (action instanceof Action.RedecideConflict each) {
            return conflicts.redecide(each, draft);
        }
        if (action instanceof Action.CloseConflict each) {
            return conflicts.close(each, draft);
        }
        if (action instanceof Action.EvictHolders each) {
            return evict.evict(each.port(), each.holders(), each.reason(), draft);
        }
        if (action instanceof Action.RestartService each) {
            // Its start follows when the port is free: the stale process must be gone first, and be seen gone.
            return evict.evict(each.port(), each.stale(), each.reason(), draft);
        }
        if (action instanceof Action.StartProcess each) {
            return start.handle(each, draft);
        }
        if (action instanceof Action.StopProcess each) {
            return stop.handle(each, draft);
        }
        if (action instanceof Action.RecordExit each) {
            return processes.exited(each, draft);
        }
        if (action instanceof Action.CountFailure each) {
            draft.run(each.after());
            return Optional.empty();
        }
        if (action instanceof Action.ForgetFailures) {
            return processes.forgive(draft);
        }
        if (action instanceof Action.StopOwner each) {
            return stops.handle(each, draft);
        }
        // Wait and Report say why nothing is done; the plan's conditions tell it.
        return Optional.empty();
    }

    /** What a plan would end, by port: to be confirmed by a fresh look before it is carried out. */
    static Map<PortKey, List<ProcessRef>> endings(Plan plan) {
        Map<PortKey, List<ProcessRef>> endings = new LinkedHashMap<>();
        for (Action action : plan.actions()) {
            if (action instanceof Action.EvictHolders evict) {
                endings.put(evict.port(), evict.holders());
            } else if (action instanceof Action.RestartService restart) {
                endings.put(restart.port(), restart.stale());
            } else if (action instanceof Action.StopOwner stop) {
                endings.put(stop.port(), List.of());
            }
        }
        return endings;
    }
}
