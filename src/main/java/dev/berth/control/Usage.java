package dev.berth.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a service, all its processes together, used of the machine when it was looked at.
 *
 * @param cpu cores in use on average since the sample before, so that 0.5 is half a core; empty in the first of a launch
 * @param cpuTotal since Berth knows the service, restarts included. What a process used after the last look at it, and did
 *     not leave to a parent that waited for it, is missing
 * @param memoryBytes in RAM; what processes share counts for each
 * @param openFiles empty where it may not be known
 * @param uptime of its first process
 * @param responseTime of its health check; empty without one, or before the first good answer
 * @param throughput of the connections that it accepted; empty where the system does not tell, and for UDP
 */
public record Usage(
        Instant at,
        OptionalDouble cpu,
        Duration cpuTotal,
        long memoryBytes,
        long threads,
        OptionalLong openFiles,
        int processes,
        Duration uptime,
        Optional<ResponseTime> responseTime,
        Optional<Throughput> throughput) {

    /**
     * How long good answers to its health check took.
     *
     * @param average of the last minute
     */
    public record ResponseTime(Duration last, Duration average) {}

    /**
     * What went through connections of its port. All of it is a lower bound: a connection that came and went between two
     * samples is missed, and what went through one after its last sample.
     *
     * @param connections open now
     * @param receivedPerSecond bytes, since the sample before; empty in the first
     * @param received bytes since Berth knows the service; never less than before
     */
    public record Throughput(
            int connections,
            OptionalDouble receivedPerSecond,
            OptionalDouble sentPerSecond,
            long received,
            long sent) {}
}
