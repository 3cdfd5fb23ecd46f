package dev.berth.host.linux;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessMeter;
import dev.berth.model.ProcessRef;
import dev.berth.model.ProcessUsage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Measures by small reads: {@code /proc/PID/stat}, {@code statm}, and the size of its directory of descriptors. The memory in
 * {@code stat} is no more than an estimate since Linux 6.2, and 0 for small programs.
 */
public final class ProcfsProcessMeter implements ProcessMeter {
    private static final Path PROC = Path.of("/proc");

    private final String bootId;
    private final long ticksPerSecond;
    private final long pageBytes;

    /** @throws IOException when there is no {@code /proc}, or not the one of Linux */
    public ProcfsProcessMeter() throws IOException {
        bootId = new ProcFiles(PROC).bootId();
        ticksPerSecond = ProcfsProcessReader.ticksPerSecond(PROC);
        pageBytes = ProcText.pageBytes(Files.readAllBytes(PROC.resolve("self/auxv")))
                .orElseThrow(() -> new IOException(
                        "Berth needs the size of a page in /proc/self/auxv, and could not find it there"));
    }

    @Override
    public synchronized Map<ProcessRef, ProcessUsage> measure(Collection<ProcessRef> processes)
            throws ObservationException {
        try {
            long uptime = ProcText.uptimeSeconds(Files.readString(PROC.resolve("uptime")))
                    .orElseThrow(() -> new IOException("/proc/uptime does not tell the time since boot"));
            Map<ProcessRef, ProcessUsage> measured = new HashMap<>();
            for (ProcessRef process : processes) {
                Optional<ProcStat> stat = ProcScan.stat(process.pid());
                if (stat.isPresent() && isStill(process, stat.get())) {
                    usage(stat.get(), uptime).ifPresent(usage -> measured.put(process, usage));
                }
            }
            return measured;
        } catch (IOException e) {
            throw new ObservationException("what processes use could not be read: " + e.getMessage(), e);
        }
    }

    private boolean isStill(ProcessRef process, ProcStat stat) {
        return !stat.isZombie()
                && process.startTicks() == stat.startTicks()
                && process.bootId().equals(bootId);
    }

    /** Empty when it ended meanwhile. */
    private Optional<ProcessUsage> usage(ProcStat stat, long uptimeSeconds) throws CallException {
        OptionalLong pages =
                ProcScan.text(stat.pid(), "statm").map(ProcText::residentPages).orElse(OptionalLong.empty());
        if (pages.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ProcessUsage(
                ticks(stat.cpuTicks()),
                ticks(stat.childrenCpuTicks()),
                pages.getAsLong() * pageBytes,
                stat.threads(),
                openFiles(stat.pid()),
                // The time since boot is told in whole seconds here.
                Duration.ofSeconds(Math.max(0, uptimeSeconds - stat.startTicks() / ticksPerSecond))));
    }

    private Duration ticks(long ticks) {
        return Duration.ofSeconds(ticks / ticksPerSecond, ticks % ticksPerSecond * 1_000_000_000L / ticksPerSecond);
    }

    /** Since Linux 6.2 the directory's size is their number, which spares listing those of a busy server. */
    private static OptionalLong openFiles(long pid) {
        File descriptors = new File("/proc/" + pid + "/fd");
        long size = descriptors.length();
        return size > 0 ? OptionalLong.of(size) : listed(descriptors);
    }

    /** On older kernels; empty when denied. */
    static OptionalLong listed(File descriptors) {
        String[] names = descriptors.list();
        return names == null ? OptionalLong.empty() : OptionalLong.of(names.length);
    }
}
