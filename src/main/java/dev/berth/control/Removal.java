package dev.berth.control;

import dev.berth.host.ProcessControl;
import dev.berth.model.Conflict;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.store.ChangeSet;

/** A service that is being deleted goes, with everything that hangs on it, when nothing of it runs any more. */
final class Removal {
    private Removal() {}

    /** Berth ends only what it answers for: the processes of a service that it runs, not one that it only watches. */
    static boolean hasProcessToStop(Service service, ProcessControl processes) {
        Run run = service.status().runOrNone();
        return run.stop().isPresent()
                || run.launch().isPresent()
                || (!service.spec().isObserved()
                        && service.status()
                                .process()
                                .filter(process -> processes.liveness(process) != ProcessControl.Liveness.GONE)
                                .isPresent());
    }

    /** Is this the pass with which the service goes? */
    static boolean isDue(ServiceDraft draft) {
        Service result = draft.result();
        Run run = result.status().runOrNone();
        return result.metadata().deletionTimestamp().isPresent()
                && run.stop().isEmpty()
                && run.launch().isEmpty()
                && Replicas.of(result.key(), draft.situation().services()).isEmpty()
                && (result.spec().isObserved() || result.status().process().isEmpty());
    }

    /** The pass's changes, with the service removed instead of updated. */
    static ChangeSet with(ServiceDraft draft) {
        ChangeSet.Builder changes = ChangeSet.builder();
        ChangeSet drafted = draft.changes();
        for (ChangeSet.Write write : drafted.writes()) {
            if (write instanceof ChangeSet.Put put) {
                boolean goes = put.object() instanceof Service
                        || put.object() instanceof Conflict conflict
                                && conflict.state().isOpen();
                if (!goes) {
                    changes.put(put.object());
                }
            } else if (write instanceof ChangeSet.Delete) {
                draft.situation().evictions().values().stream()
                        .filter(eviction -> eviction.ref().equals(write.ref()))
                        .forEach(changes::delete);
            }
        }
        drafted.audit().forEach(changes::audit);
        // A plan leaves a conflict open whose eviction has just ended, for the pass that never comes now.
        draft.openConflicts().forEach(conflict -> Deletions.abandon(conflict, draft.now(), changes));
        return changes.delete(draft.service()).build();
    }
}
