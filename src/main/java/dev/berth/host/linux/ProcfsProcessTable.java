package dev.berth.host.linux;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessTable;
import dev.berth.host.SharedLook;
import dev.berth.model.ProcessRef;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The table from {@code /proc}: for each process a small read of {@code stat}, and its environment until that is settled. Callers at the same time share one look. Processes that {@code /proc} hides (hidepid) are left out.
 */
public final class ProcfsProcessTable implements ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final String UPTIME = "/proc/uptime";
    /** Two numbers of seconds. */
    private static final int UPTIME_BYTES = 256;

    /**
     * Younger processes are asked again, unless they have a marker of their own: between fork and exec they show their parent's environment. To
     * exec takes a millisecond, from a slow disk some hundred.
     */
    private static final long SETTLED_SECONDS = 2;

    private final SharedLook<List<Entry>> table;
    private final LivingLaunches living;
    private final SharedLook<Optional<Set<String>>> livingLook;
    private final ProcessSockets processes = new ProcessSockets();
    private final String bootId;
    private final long ticksPerSecond;
    /** Of those that the last look need not ask again; what has gone since falls out with the next. */
    private volatile Map<ProcessRef, Optional<String>> launches = Map.of();

    /**
     * @param nanos monotonic nanoseconds
     * @throws IOException when there is no {@code /proc}, or not the one of Linux
     */
    public ProcfsProcessTable(LongSupplier nanos) throws IOException {
        table = new SharedLook<>(this::look, nanos);
        livingLook = new SharedLook<>(this::lookForLiving, nanos);
        bootId = new ProcFiles(PROC).bootId();
        ticksPerSecond = ProcfsProcessReader.ticksPerSecond(PROC);
        settledBefore();
        living = new LivingLaunches();
    }

    @Override
    public List<Entry> read() throws ObservationException {
        return table.get();
    }

    @Override
    public List<Entry> read(Duration maxAge) throws ObservationException {
        return table.get(maxAge);
    }

    @Override
    public boolean isAnyOf(String launch) throws ObservationException {
        if (isAnyRemembered(launch)) {
            return true;
        }
        Optional<Set<String>> found = livingLook.get();
        return found.isPresent() ? found.get().contains(launch) : ProcessTable.super.isAnyOf(launch);
    }

    /** Of those that had the marker when all were read last: they may have written over it since. */
    private boolean isAnyRemembered(String launch) throws ObservationException {
        Optional<String> wanted = Optional.of(launch);
        for (Map.Entry<ProcessRef, Optional<String>> each : launches.entrySet()) {
            if (each.getValue().equals(wanted) && lives(each.getKey())) {
                return true;
            }
        }
        return false;
    }

    private static boolean lives(ProcessRef process) throws ObservationException {
        try {
            return ProcScan.stat(process.pid())
                    .filter(stat -> stat.startTicks() == process.startTicks() && !stat.isZombie())
                    .isPresent();
        } catch (CallException e) {
            throw unreadable(e);
        }
    }

    private Optional<Set<String>> lookForLiving() throws ObservationException {
        try {
            return living.look(settledBefore());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static ObservationException unreadable(IOException e) {
        return new ObservationException("the processes of this machine could not be read: " + e.getMessage(), e);
    }

    private List<Entry> look() throws ObservationException {
        try {
            long settledBefore = settledBefore();
            ExecWait wait = ExecWait.forOneLook();
            Map<ProcessRef, Optional<String>> settled = new HashMap<>();
            List<Entry> entries = new ArrayList<>();
            for (long pid : processes.pids()) {
                Optional<ProcStat> read = ProcScan.stat(pid);
                if (read.isEmpty() || read.get().isZombie()) {
                    continue;
                }
                ProcStat stat = read.get();
                ProcessRef ref = new ProcessRef(pid, stat.startTicks(), bootId);
                Optional<String> known = launches.get(ref);
                Optional<LaunchMark> mark = known == null
                        ? LaunchMark.read(stat, settledBefore, wait)
                        : Optional.of(new LaunchMark(known, true));
                mark.filter(LaunchMark::lasts).ifPresent(lasting -> settled.put(ref, lasting.launch()));
                entries.add(new Entry(
                        ref, stat.parent(), stat.processGroup(), stat.session(), mark.flatMap(LaunchMark::launch)));
            }
            launches = settled;
            return List.copyOf(entries);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** In ticks since boot. */
    private long settledBefore() throws IOException {
        OptionalLong uptime = ProcText.uptimeSeconds(FileText.read(UPTIME, UPTIME_BYTES));
        if (uptime.isEmpty()) {
            throw new IOException("Berth needs the time since boot in /proc/uptime, and could not find it there");
        }
        return (uptime.getAsLong() - SETTLED_SECONDS) * ticksPerSecond;
    }

    @Override
    public void close() {
        living.close();
    }
}
