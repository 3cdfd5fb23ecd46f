package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessTable;
import dev.berth.model.Launch;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Looks for the {@link Family} of a launch, as thoroughly as it takes. */
final class FamilyLooks {
    private final ProcessTable table;
    private final ProcessControl processes;

    FamilyLooks(ProcessTable table, ProcessControl processes) {
        this.table = table;
        this.processes = processes;
    }

    /**
     * The members that live, a process before those below it.
     *
     * @param leader the launch's first process
     * @param known members of earlier looks
     */
    List<ProcessRef> of(ProcessRef leader, Run run, Collection<ProcessRef> known) throws ObservationException {
        Optional<String> launch = run.launch().map(Launch::id);
        if (launch.isPresent() && isRootless(leader, known) && !table.isAnyOf(launch.get())) {
            return List.of();
        }
        return Family.of(table.read(), leader, launch, known).stream()
                .filter(this::lives)
                .toList();
    }

    /** Then only its marker tells of a member: a session and a parent mean nothing once they have ended. */
    private boolean isRootless(ProcessRef leader, Collection<ProcessRef> known) {
        return !lives(leader) && known.stream().noneMatch(this::lives);
    }

    private boolean lives(ProcessRef process) {
        return processes.liveness(process) != ProcessControl.Liveness.GONE;
    }
}
