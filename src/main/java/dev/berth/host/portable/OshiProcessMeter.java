package dev.berth.host.portable;

import dev.berth.host.ProcessMeter;
import dev.berth.model.ProcessRef;
import dev.berth.model.ProcessUsage;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/** Measures by OSHI, which tells nothing of children that ended. */
public final class OshiProcessMeter implements ProcessMeter {
    private final OperatingSystem system;

    public OshiProcessMeter() {
        system = new SystemInfo().getOperatingSystem();
    }

    @Override
    public Map<ProcessRef, ProcessUsage> measure(Collection<ProcessRef> processes) {
        Map<ProcessRef, ProcessUsage> measured = new HashMap<>();
        for (ProcessRef process : processes) {
            Optional.ofNullable(system.getProcess((int) process.pid()))
                    .filter(seen -> !PortableProcesses.isZombie(seen) && isStill(process))
                    .ifPresent(seen -> measured.put(process, usage(seen)));
        }
        return measured;
    }

    private static boolean isStill(ProcessRef process) {
        return ProcessHandle.of(process.pid())
                .flatMap(PortableProcesses::ref)
                .filter(process::equals)
                .isPresent();
    }

    private static ProcessUsage usage(OSProcess seen) {
        // Zero where it was denied: every program that runs has something open.
        long files = seen.getOpenFiles();
        return new ProcessUsage(
                Duration.ofMillis(seen.getUserTime() + seen.getKernelTime()),
                Duration.ZERO,
                seen.getResidentMemory(),
                seen.getThreadCount(),
                files > 0 ? OptionalLong.of(files) : OptionalLong.empty(),
                Duration.ofMillis(seen.getUpTime()));
    }
}
