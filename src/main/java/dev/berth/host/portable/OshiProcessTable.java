package dev.berth.host.portable;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessTable;
import dev.berth.host.SharedLook;
import dev.berth.model.Marker;
import dev.berth.model.ProcessRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * The table by the JDK (identity) and OSHI (everything else). Neither tells process groups and sessions: what left its
 * parents is found by its marker only. Environments are read anew each time, so a look takes some 100 µs per process; callers
 * at the same time share one.
 */
public final class OshiProcessTable implements ProcessTable {
    private final OperatingSystem system;
    private final SharedLook<List<Entry>> table;

    /** @param nanos monotonic nanoseconds */
    public OshiProcessTable(LongSupplier nanos) {
        table = new SharedLook<>(this::look, nanos);
        system = new SystemInfo().getOperatingSystem();
    }

    @Override
    public List<Entry> read() throws ObservationException {
        return table.get();
    }

    @Override
    public List<Entry> read(Duration maxAge) throws ObservationException {
        return table.get(maxAge);
    }

    private List<Entry> look() throws ObservationException {
        List<Entry> entries = new ArrayList<>();
        for (OSProcess process : system.getProcesses()) {
            if (!PortableProcesses.isZombie(process)) {
                entry(process).ifPresent(entries::add);
            }
        }
        if (entries.isEmpty()) {
            throw new ObservationException(
                    "the processes of this machine could not be read: not even Berth itself was found");
        }
        return List.copyOf(entries);
    }

    /** Empty when it ended meanwhile. */
    private static Optional<Entry> entry(OSProcess process) {
        Optional<ProcessRef> ref = ProcessHandle.of(process.getProcessID()).flatMap(PortableProcesses::ref);
        return ref.map(each -> new Entry(
                each,
                process.getParentProcessID(),
                PortableProcesses.UNTOLD,
                PortableProcesses.UNTOLD,
                Optional.ofNullable(process.getEnvironmentVariables().get(Marker.LAUNCH))));
    }
}
