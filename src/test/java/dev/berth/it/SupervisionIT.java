package dev.berth.it;

import static dev.berth.it.Supervised.listener;
import static dev.berth.it.Supervised.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.FreePorts;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that Berth runs: started, kept running, adopted by the next Berth, ended, and given up with a reason. */
class SupervisionIT {
    @TempDir
    static Path directory;

    private static Supervised berth;

    @BeforeAll
    static void start() {
        berth = Supervised.start(directory);
    }

    @AfterAll
    static void close() {
        berth.close();
    }

    @AfterEach
    void deleteAll() {
        berth.deleteAll();
    }

    @Test
    void aServiceIsStartedRestartedStoppedAndDeleted() {
        int port = FreePorts.take();
        berth.declare("web", Map.of("port", port, "command", Holder.command("{port}"), "gracePeriod", "2s"));
        JsonNode running = berth.await("web", "Running");
        long first = running.path("pid").asLong();
        assertThat(running.path("port").asInt()).isEqualTo(port);

        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        JsonNode again = berth.awaitAnother("web", first);
        assertThat(again.path("restarts").asInt()).isEqualTo(1);
        assertThat(again.path("lastExit").path("signal").asInt()).isEqualTo(9);

        JsonNode stopped = berth.stop("web");
        assertThat(stopped.path("lastExit").path("message").asText())
                .as("a JVM returns 143 on SIGTERM")
                .isEqualTo("exited with status 143");

        berth.berth().post("/services/web/start");
        berth.await("web", "Running");
        assertThat(berth.berth().delete("/services/web").status()).isEqualTo(202);
        berth.awaitDeleted("web");
        assertThat(berth.processes()).isEmpty();
        berth.assertAuditIsWhole();
    }

    /** Not its child any more, so that only the kernel can tell. */
    @Test
    void howAnAdoptedServiceEndedIsKnown() {
        berth.declare("sleeper", Map.of("port", FreePorts.take(), "command", "exec sleep 1000"));
        long pid = berth.awaitPid("sleeper");
        berth.berth().killNine();
        berth.berth().launch();
        assertThat(berth.awaitPid("sleeper")).isEqualTo(pid);

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        JsonNode again = berth.awaitThat(
                "sleeper",
                "another runs",
                status -> status.has("pid") && status.path("pid").asLong() != pid);
        assertThat(again.path("lastExit").path("signal").asInt()).isEqualTo(9);

        berth.berth().killNine();
        berth.berth().launch();
        assertThat(berth.stop("sleeper").path("lastExit").path("signal").asInt())
                .isEqualTo(15);
    }

    @Test
    void oneThatKeepsFailingStaysDownAndSaysWhy() {
        berth.declare(
                "broken",
                Map.of(
                        "port",
                        FreePorts.take(),
                        "command",
                        "echo 'no such table: users' >&2; exit 3",
                        "maxRestarts",
                        1));
        JsonNode status = berth.await("broken", "Failed");
        assertThat(status.path("restarts").asInt()).isEqualTo(1);
        assertThat(status.path("lastExit").path("status").asInt()).isEqualTo(3);
        assertThat(message(status, "Started")).contains("maxRestarts", "no such table: users");
        berth.put("broken", Map.of("port", FreePorts.take(), "command", "exec " + listener("{port}")));
        assertThat(berth.await("broken", "Running").path("restarts").asInt()).isZero();
    }
}
