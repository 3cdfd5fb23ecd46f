package dev.berth.control;

import java.time.Duration;
import java.util.Optional;

/**
 * How the machine's use is watched, as the settings say now.
 *
 * @param interval between two samples
 * @param cpuPercent of one core that a service may use; empty for any
 * @param memoryBytes that it may have in RAM
 * @param responseTime that its health check may take on average
 * @param restart whether a service that exceeds one of them is restarted
 */
public record UsageRules(
        Duration interval,
        Optional<Integer> cpuPercent,
        Optional<Long> memoryBytes,
        Optional<Duration> responseTime,
        boolean restart) {

    /** Without thresholds. */
    public UsageRules(Duration interval) {
        this(interval, Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    boolean hasThresholds() {
        return cpuPercent.isPresent() || memoryBytes.isPresent() || responseTime.isPresent();
    }
}
