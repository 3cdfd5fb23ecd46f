package dev.berth.sim;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every process of the simulated machine, as Berth may see it. */
final class FakeProcessTable implements ProcessTable {
    private final Machine machine;
    private final Sight sight;
    private final Seam seam;

    FakeProcessTable(Machine machine, Sight sight, Seam seam) {
        this.machine = machine;
        this.sight = sight;
        this.seam = seam;
    }

    @Override
    public List<Entry> read() throws ObservationException {
        return seam.looking(() -> {
            if (sight.denied()) {
                throw new ObservationException("/proc could not be read: EACCES");
            }
            if (seam.strikes(SimFault.PROCESS_TABLE_FAILS)) {
                throw new ObservationException("/proc could not be listed: EMFILE");
            }
            List<Entry> entries = new ArrayList<>();
            for (SimProcess process : machine.processes()) {
                if (process.alive()) {
                    entries.add(new Entry(
                            process.ref,
                            process.parent.map(SimProcess::pid).orElse(0L),
                            process.session,
                            process.session,
                            sight.maySee(process) ? process.launch : Optional.empty()));
                }
            }
            return entries;
        });
    }
}
