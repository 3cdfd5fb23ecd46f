package dev.berth.control;

import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.Conflict;
import dev.berth.model.Outcome;
import dev.berth.model.ProcessRef;
import dev.berth.plan.Action;
import java.util.Optional;
import java.util.OptionalInt;

/** What changes in a service's status without anything being done to the machine. */
final class ProcessHandlers {
    private final DecisionLog log;

    ProcessHandlers(DecisionLog log) {
        this.log = log;
    }

    Optional<String> adopt(Action.AdoptProcess action, ServiceDraft draft) {
        boolean hasPort = draft.port().isPresent()
                && draft.port().getAsInt() == action.port().port();
        boolean getsPort = draft.plan().actions().stream()
                .anyMatch(other -> other instanceof Action.AssignPort assign
                        && assign.port().equals(action.port()));
        if (!hasPort && !getsPort) {
            return Optional.of("the process to adopt is on a port that the service does not have");
        }
        draft.process(Optional.of(action.process()));
        draft.audit(entry(Audits.PROCESS_ADOPTED, action.process(), action.reason(), "port " + action.port(), draft));
        draft.afterCommit(() -> log.decided(
                draft.conflict(action.port()).map(Conflict::id),
                draft.service().key() + " is " + action.process() + " on port " + action.port() + ": "
                        + action.reason()));
        return Optional.empty();
    }

    Optional<String> forget(Action.ForgetProcess action, ServiceDraft draft) {
        draft.process(Optional.empty());
        draft.audit(entry(Audits.PROCESS_EXITED, action.process(), action.reason(), "", draft));
        draft.afterCommit(() -> log.decided(
                Optional.empty(), draft.service().key() + ": " + action.process() + " has gone: " + action.reason()));
        return Optional.empty();
    }

    Optional<String> exited(Action.RecordExit action, ServiceDraft draft) {
        draft.process(Optional.empty());
        draft.run(action.after());
        String next = action.after()
                .gaveUp()
                .map(why -> "it stays down: " + why)
                .orElse(
                        switch (action.blame()) {
                            case OWN -> "it is started again";
                            case PORT_TAKEN -> "its port was taken; that is no failure of its own";
                            case REPLACED ->
                                "it was declared anew since it was started; that is no failure of what is declared now";
                        });
        draft.audit(entry(Audits.PROCESS_EXITED, action.process(), action.reason(), next, draft));
        draft.afterCommit(() -> tell(action, draft.service().key() + ": " + action.reason() + "; " + next));
        return Optional.empty();
    }

    private void tell(Action.RecordExit action, String words) {
        if (action.after().gaveUp().isPresent()) {
            log.trouble(Optional.empty(), words);
        } else {
            log.decided(Optional.empty(), words);
        }
    }

    Optional<String> forgive(ServiceDraft draft) {
        draft.run().ifPresent(run -> draft.run(run.forgiven()));
        return Optional.empty();
    }

    Optional<String> release(Action.ReleasePort action, ServiceDraft draft) {
        draft.port(OptionalInt.empty());
        draft.audit(Audits.PORT_RELEASED, action.reason(), action.port().toString(), draft.conflict(action.port()));
        draft.afterCommit(() -> log.decided(
                Optional.empty(),
                draft.service().key() + " no longer has port " + action.port() + ": " + action.reason()));
        return Optional.empty();
    }

    private static AuditEntry entry(
            String action, ProcessRef process, String reason, String detail, ServiceDraft draft) {
        return new AuditEntry(
                draft.now(),
                Actor.CONTROLLER,
                action,
                AuditEntry.Target.process(process),
                reason,
                Outcome.SUCCEEDED,
                detail,
                Optional.of(draft.service().key()),
                Optional.empty(),
                Optional.empty());
    }
}
