package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.berth.control.Usage;
import dev.berth.model.Units;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a service uses of the machine, in bytes, seconds and cores. Shown beside what is stored, and no part of it: versions
 * and tags know nothing of it. What is not known is absent.
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record UsageView(
        String sampledAt,
        OptionalDouble cpu,
        double cpuSeconds,
        long memoryBytes,
        long threads,
        OptionalLong openFiles,
        int processes,
        double uptimeSeconds,
        Optional<ResponseTimeView> responseTime,
        Optional<ThroughputView> throughput) {

    record ResponseTimeView(double lastSeconds, double averageSeconds) {}

    /** @param atLeast what came and went between two samples is not in it */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ThroughputView(
            boolean atLeast,
            int connections,
            OptionalDouble bytesInPerSecond,
            OptionalDouble bytesOutPerSecond,
            long bytesIn,
            long bytesOut) {
        static ThroughputView of(Usage.Throughput seen) {
            return new ThroughputView(
                    true,
                    seen.connections(),
                    rounded(seen.receivedPerSecond()),
                    rounded(seen.sentPerSecond()),
                    seen.received(),
                    seen.sent());
        }
    }

    static UsageView of(Usage usage) {
        return new UsageView(
                Wire.time(usage.at()),
                rounded(usage.cpu()),
                seconds(usage.cpuTotal()),
                usage.memoryBytes(),
                usage.threads(),
                usage.openFiles(),
                usage.processes(),
                seconds(usage.uptime()),
                usage.responseTime()
                        .map(times -> new ResponseTimeView(seconds(times.last()), seconds(times.average()))),
                usage.throughput().map(ThroughputView::of));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** More digits would be noise. */
    private static OptionalDouble rounded(OptionalDouble value) {
        return value.isPresent() ? OptionalDouble.of(Math.round(value.getAsDouble() * 10_000) / 10_000.0) : value;
    }

    /** Rows for people. */
    static void rows(Usage usage, TextTable table) {
        String cpu = usage.cpu().isPresent() ? Units.percent(usage.cpu().getAsDouble()) + " of a core, " : "";
        table.row("cpu", cpu + Units.duration(usage.cpuTotal()) + " in all")
                .row("memory", Units.bytes(usage.memoryBytes()))
                .row("threads", usage.threads() + processes(usage))
                .row(
                        "open files",
                        usage.openFiles().isPresent() ? usage.openFiles().getAsLong() : "unknown")
                .row("uptime", Units.duration(usage.uptime()));
        usage.responseTime()
                .ifPresent(times -> table.row(
                        "response time",
                        Units.duration(times.last()) + ", " + Units.duration(times.average()) + " on average"));
        usage.throughput().ifPresent(seen -> table.row("throughput", words(seen)));
    }

    /** In a cell of a list. */
    static String cpu(Optional<Usage> usage) {
        OptionalDouble cpu = usage.map(Usage::cpu).orElse(OptionalDouble.empty());
        return cpu.isPresent() ? Units.percent(cpu.getAsDouble()) : "-";
    }

    static String memory(Optional<Usage> usage) {
        return usage.map(seen -> Units.bytes(seen.memoryBytes())).orElse("-");
    }

    private static String processes(Usage usage) {
        return usage.processes() == 1 ? "" : " in " + usage.processes() + " processes";
    }

    private static String words(Usage.Throughput seen) {
        String rates =
                seen.receivedPerSecond().isPresent() && seen.sentPerSecond().isPresent()
                        ? Units.bytes(seen.receivedPerSecond().getAsDouble()) + "/s in, "
                                + Units.bytes(seen.sentPerSecond().getAsDouble()) + "/s out, "
                        : "";
        return "at least " + rates + Units.bytes(seen.received()) + " in and " + Units.bytes(seen.sent())
                + " out in all, " + seen.connections() + " connections";
    }
}
