package dev.berth.plan;

import dev.berth.model.ConflictHolder;
import dev.berth.model.DecisionKind;
import dev.berth.model.Launch;
import dev.berth.model.Origin;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import dev.berth.model.Severity;
import dev.berth.model.Stop;
import java.util.List;

/** One step that a plan asks for. Each has a handler in {@code control}. Carried out in the order of the plan. */
public sealed interface Action {
    /** Why, in a sentence for people. */
    String reason();

    /** Give the service this port; carried out only if a bind succeeds at that moment (or its own process holds it). */
    record AssignPort(PortKey port, Assignment how, String reason) implements Action {}

    /** How a port came to be chosen; the reason word of the condition {@code PortAssigned}. */
    enum Assignment {
        PREFERRED,
        ALTERNATIVE,
        RANGE,
        DEFAULT_RANGE,
        WENT_HOME,
        ADOPTED
    }

    /** The service no longer has its port. */
    record ReleasePort(PortKey port, String reason) implements Action {}

    /** Take a running process for the service's own; {@code assumed} when nothing but port and user say so. */
    record AdoptProcess(PortKey port, ProcessRef process, boolean assumed, String reason) implements Action {}

    /** The recorded process has gone. */
    record ForgetProcess(ProcessRef process, String reason) implements Action {}

    /** A contest was seen for the first time; identity and times are filled in by the handler. */
    record OpenConflict(
            PortKey port,
            Severity severity,
            String severityReason,
            ConflictHolder holder,
            String strategy,
            DecisionKind decision,
            boolean needsApproval,
            String reason)
            implements Action {}

    /**
     * An open conflict is decided differently now: the first way failed, or the world changed.
     *
     * @param holder as it is now; an approval is asked for its end, not for an earlier one's
     * @param lapse what becomes of an approval that was given or asked for
     */
    record RedecideConflict(
            String conflict,
            ConflictHolder holder,
            DecisionKind decision,
            boolean needsApproval,
            Approval.Lapse lapse,
            String reason)
            implements Action {}

    /** A contest is over: settled, or it went away by itself. */
    record CloseConflict(PortKey port, boolean succeeded, String reason) implements Action {}

    /** End these holders of the port, gently first. {@code conflict} is found or opened for the port in the same plan. */
    record EvictHolders(PortKey port, List<ProcessRef> holders, String reason) implements Action {}

    /** Stop the unit or container that owns the holder, through its owner. */
    record StopOwner(PortKey port, Origin origin, String reason) implements Action {}

    /** Start the service's program, or what prepares it; it is told the port. */
    record StartProcess(PortKey port, Launch.Step step, String fingerprint, String reason) implements Action {}

    /** End everything that the service's launch became. */
    record StopProcess(Stop.Then then, boolean force, String reason) implements Action {}

    /**
     * The service's process has ended, and nothing of its launch is left.
     *
     * @param after the account from now on
     * @param blame whose fault the end was; what is not its own counts as no failure of the service
     */
    record RecordExit(ProcessRef process, Run after, Blame blame, String reason) implements Action {
        /** Whose fault the end of a process was that nobody asked for. */
        public enum Blame {
            OWN,
            /** It says that its port is taken, and somebody else has it, or the service has another one by now. */
            PORT_TAKEN,
            /** It was declared anew since it was started: what is started next, if anything, is another program. */
            REPLACED
        }
    }

    /** The service is about to be restarted for what counts as a failure of its own. */
    record CountFailure(Run after, String reason) implements Action {}

    /** The service has been well for so long that its earlier failures count no more. */
    record ForgetFailures(String reason) implements Action {}

    /** End the service's own stale process on its port and start the service again there. */
    record RestartService(PortKey port, List<ProcessRef> stale, String reason) implements Action {}

    /** Do nothing yet, on purpose. */
    record Wait(String reason) implements Action {}

    /** Nothing can or may be done; say so. */
    record Report(PortKey port, String reason) implements Action {}
}
