package dev.berth.it;

import static dev.berth.it.Supervised.listener;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of services when Berth is asked to end. */
class ShutdownIT {
    /** Ending the JVM itself, on two busy cores. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void leftRunningOrStoppedAsConfigured() {
        List<Integer> ports = FreePorts.take(2);
        try (Supervised berth = Supervised.start(directory)) {
            berth.declare("database", Map.of("port", ports.get(0), "command", "exec " + listener("{port}")));
            berth.declare(
                    "backend",
                    Map.of(
                            "port",
                            ports.get(1),
                            "command",
                            "exec " + listener("{port}"),
                            "dependsOn",
                            List.of("database")));
            berth.await("backend", "Running");
            Map<String, Long> pids = berth.pids();

            berth.berth().terminate();
            assertThat(pids.values()).as("left, as nothing else is configured").allMatch(Processes::isAlive);
            assertThat(berth.berth().log()).contains("left running", "default/backend", "default/database");

            berth.berth().configure("BERTH_ON_SHUTDOWN", "stop");
            berth.berth().launch();
            assertThat(berth.await("backend", "Running").path("pid").asLong()).isEqualTo(pids.get("backend"));
            berth.berth().terminate();
            assertThat(berth.processes()).isEmpty();
            assertThat(ports).allMatch(FreePorts::isFree);

            berth.berth().launch();
            berth.await("backend", "Running");
            assertThat(berth.pids()).doesNotContainValue(pids.get("backend"));
            assertThat(berth.details("backend", "ProcessExited", "Succeeded"))
                    .containsExactly("exited with status 143");
            assertEndedBefore(berth, "backend", "database");
            berth.assertAuditIsWhole();
        }
    }

    /** Its grace period would be a minute; Berth has less time than that. */
    @Test
    void oneThatIgnoresSigtermDoesNotHoldUpTheEnd() {
        Duration bound = Duration.ofSeconds(2);
        Map<String, String> environment =
                Map.of("BERTH_ON_SHUTDOWN", "stop", "BERTH_SHUTDOWN_TIMEOUT", bound.toSeconds() + "s");
        try (Supervised berth = Supervised.start(directory, environment)) {
            berth.declare(
                    "stubborn",
                    Map.of(
                            "port",
                            FreePorts.take(),
                            "command",
                            "trap '' TERM; while :; do sleep 1; done",
                            "gracePeriod",
                            "60s"));
            berth.declare("obedient", Map.of("port", FreePorts.take(), "command", "exec sleep 1000"));
            long stubborn = berth.awaitPid("stubborn");
            long obedient = berth.awaitPid("obedient");

            assertThat(berth.berth().terminate()).isBetween(bound, bound.plus(SLACK));
            assertThat(berth.berth().log()).contains("still running").contains("default/stubborn");
            assertThat(Processes.isAlive(stubborn)).isTrue();
            assertThat(Processes.isAlive(obedient)).isFalse();

            berth.berth().launch();
            assertThat(berth.awaitPid("obedient"))
                    .as("it is declared as running, and does again")
                    .isNotEqualTo(obedient);
            assertThat(berth.berth().post("/services/stubborn/stop?force=true").status())
                    .isEqualTo(202);
            berth.await("stubborn", "Stopped");
            assertThat(Processes.isAlive(stubborn)).isFalse();
            berth.assertAuditIsWhole();
        }
    }

    private static void assertEndedBefore(Supervised berth, String first, String second) {
        List<String> events = berth.events(List.of("ProcessSignalled", "ProcessExited"));
        assertThat(events)
                .containsSubsequence("ProcessExited " + first, "ProcessSignalled " + second, "ProcessExited " + second);
    }
}
