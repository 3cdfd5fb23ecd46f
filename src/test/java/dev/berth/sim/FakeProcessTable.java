package dev.berth.sim;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Every process of the simulated machine, as Berth may see it. */
final class FakeProcessTable implements ProcessTable {
    private final Machine machine;
    private final Sight sight;
    private final Seam seam;
    private final LongSupplier nanos;
    private Optional<Looked> latest = Optional.empty();
    /** How often somebody was answered by a look that another had made. */
    int shared;

    FakeProcessTable(Machine machine, Sight sight, Seam seam, LongSupplier nanos) {
        this.machine = machine;
        this.nanos = nanos;
        this.sight = sight;
        this.seam = seam;
    }

    private record Looked(List<Entry> entries, long begun) {}

    @Override
    public List<Entry> read(Duration maxAge) throws ObservationException {
        long oldest = nanos.getAsLong() - maxAge.toNanos();
        Optional<Looked> known = latest.filter(look -> look.begun() - oldest > 0);
        if (known.isEmpty()) {
            return read();
        }
        shared++;
        return seam.reading(() -> known.get().entries());
    }

    @Override
    public List<Entry> read() throws ObservationException {
        long begun = nanos.getAsLong();
        latest = Optional.empty();
        List<Entry> entries = look();
        latest = Optional.of(new Looked(entries, begun));
        return entries;
    }

    /** A look of its own kind, whose answer nobody else gets. */
    @Override
    public boolean isAnyOf(String launch) throws ObservationException {
        return look().stream().anyMatch(entry -> entry.launch().equals(Optional.of(launch)));
    }

    private List<Entry> look() throws ObservationException {
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
