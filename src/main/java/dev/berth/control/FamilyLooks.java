package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessTable;
import dev.berth.model.Launch;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Looks for the {@link Family} of a launch, as thoroughly as it takes. */
final class FamilyLooks {
    private final ProcessTable table;
    private final ProcessControl processes;
    /** Of the latest table: many families are asked for while it is. Guarded by this. */
    private Kindred kindred = new Kindred(List.of());

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
        return of(leader, run, known, table::read);
    }

    /** As {@link #of}, but who came within {@code maxAge} may be missing while the launch's first process lives. */
    List<ProcessRef> lately(ProcessRef leader, Run run, Collection<ProcessRef> known, Duration maxAge)
            throws ObservationException {
        return of(leader, run, known, () -> table.read(maxAge));
    }

    private interface Read {
        List<ProcessTable.Entry> table() throws ObservationException;
    }

    private List<ProcessRef> of(ProcessRef leader, Run run, Collection<ProcessRef> known, Read read)
            throws ObservationException {
        Optional<String> launch = run.launch().map(Launch::id);
        boolean led = lives(leader);
        // Once nobody known lives only its marker tells of a member: a session and a parent mean nothing then.
        boolean rootless = !led && known.stream().noneMatch(this::lives);
        if (launch.isPresent() && rootless && !table.isAnyOf(launch.get())) {
            return List.of();
        }
        // Where it has ended, an earlier look tells nothing of who goes on in its place.
        return kindred(led ? read.table() : table.read()).family(leader, launch, known).stream()
                .filter(member -> led && member.equals(leader) || lives(member))
                .toList();
    }

    private synchronized Kindred kindred(List<ProcessTable.Entry> entries) {
        if (!kindred.isOf(entries)) {
            kindred = new Kindred(entries);
        }
        return kindred;
    }

    private boolean lives(ProcessRef process) {
        return processes.liveness(process) != ProcessControl.Liveness.GONE;
    }
}
