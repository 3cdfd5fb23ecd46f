package dev.berth.it;

import static dev.berth.it.Supervised.listener;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people ask of a running service, and what a changed declaration does to it. */
class RestartsIT {
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
    void aRequestThatIsSentTwiceRestartsOnce() {
        berth.declare("once", Map.of("port", FreePorts.take(), "command", "exec " + listener("{port}")));
        long first = pid("once");
        for (int i = 0; i < 2; i++) {
            assertThat(berth.berth().postOnce("/services/once/restart", "one").status())
                    .isEqualTo(202);
        }
        long second = berth.awaitAnother("once", first).path("pid").asLong();
        assertThat(berth.berth().postOnce("/services/once/restart", "one").status())
                .isEqualTo(202);

        // A later request is served after all earlier ones: when it is, nothing of those is left to come.
        berth.berth().postOnce("/services/once/restart", "two");
        JsonNode third = berth.awaitAnother("once", second);
        assertThat(berth.details("once", "ProcessStarted", "Succeeded")).hasSize(3);
        assertThat(third.path("restarts").asInt()).as("only its own count").isZero();
    }

    @Test
    void forceGivesNoGrace() {
        berth.declare(
                "stubborn",
                Map.of(
                        "port",
                        FreePorts.take(),
                        "command",
                        "trap '' TERM; " + listener("{port}"),
                        "gracePeriod",
                        "60s"));
        long first = pid("stubborn");
        berth.berth().post("/services/stubborn/restart?force=true");
        JsonNode again = berth.awaitAnother("stubborn", first);
        assertThat(again.path("lastExit").path("signal").asInt()).isEqualTo(9);
        assertThat(berth.details("stubborn", "ProcessSignalled", "Intended")).containsExactly("SIGKILL");

        // And cuts the grace short that was granted before.
        berth.berth().post("/services/stubborn/stop");
        berth.await("stubborn", "Stopping");
        berth.berth().post("/services/stubborn/stop?force=true");
        berth.await("stubborn", "Stopped");
        assertThat(berth.processes()).isEmpty();
    }

    @Test
    void aRestartOnAnotherPortMovesIt() {
        List<Integer> ports = FreePorts.take(2);
        berth.declare("mover", Map.of("port", ports.get(0), "command", "exec " + listener("{port}")));
        long first = pid("mover");
        berth.berth().post("/services/mover/restart?port=" + ports.get(1));
        JsonNode moved = berth.awaitAnother("mover", first);
        assertThat(moved.path("port").asInt()).isEqualTo(ports.get(1));
        assertThat(FreePorts.isFree(ports.get(0))).isTrue();
        assertThat(FreePorts.isFree(ports.get(1))).isFalse();
    }

    /** What ran before runs on, whatever is asked, until a start can be made. */
    @Test
    void whatCouldNotBeStartedAgainIsNotEnded() throws IOException {
        int port = FreePorts.take();
        Path place = Files.createDirectory(directory.resolve("place"));
        Map<String, Object> spec = new TreeMap<>(
                Map.of("port", port, "command", "exec " + listener("{port}"), "workingDirectory", place.toString()));
        berth.declare("lasting", spec);
        long first = pid("lasting");
        Files.delete(place);

        assertThat(berth.berth()
                        .post("/services/lasting/restart?dryRun=true")
                        .body()
                        .toString())
                .contains("Wait", place.toString())
                .doesNotContain("StopProcess");
        berth.berth().post("/services/lasting/restart");
        berth.awaitThat("lasting", "the restart is put off", status -> isPutOff(status, "CannotStart"));
        assertThat(pid("lasting")).isEqualTo(first);
        assertThat(berth.berth()
                        .post("/services/restart?names=lasting&wait=20s")
                        .body()
                        .toString())
                .as("whoever waits for it is told at once")
                .contains(place.toString(), "what runs goes on");

        Files.createDirectory(place);
        long second = berth.awaitAnother("lasting", first).path("pid").asLong();

        spec.put("dependsOn", List.of("nobody"));
        assertThat(berth.put("lasting", spec).status()).isEqualTo(200);
        berth.berth().post("/services/lasting/restart");
        berth.awaitThat("lasting", "the restart is put off", status -> isPutOff(status, "DependencyFailed"));
        assertThat(pid("lasting")).isEqualTo(second);
        berth.berth().post("/services/lasting/restart?force=true");
        berth.awaitThat("lasting", "it is ended all the same", status -> !status.has("pid"));
    }

    private static boolean isPutOff(JsonNode status, String reason) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("UpToDate")) {
                return condition.path("reason").asText().equals(reason);
            }
        }
        return false;
    }

    @Test
    void onlyWhatTheProcessWasToldRestartsItWhenChanged() {
        int port = FreePorts.take();
        Map<String, Object> spec = new TreeMap<>(Map.of("port", port, "command", "exec " + listener("{port}")));
        berth.declare("changed", spec);
        long first = pid("changed");

        spec.put("alternativePorts", FreePorts.take(2));
        spec.put("gracePeriod", "3s");
        assertThat(berth.put("changed", spec).status()).isEqualTo(200);
        Map<String, Object> whole = Map.of(
                "apiVersion",
                "berth.dev/v1",
                "kind",
                "Service",
                "metadata",
                Map.of("name", "changed", "labels", Map.of("tier", "front")),
                "spec",
                spec);
        assertThat(berth.put("changed", whole).status()).isEqualTo(200);
        berth.awaitThat(
                "changed",
                "the change is judged",
                status -> status.path("observedGeneration").asLong() == 2);
        assertThat(pid("changed")).isEqualTo(first);

        spec.put("command", "exec " + listener("{port}", "another"));
        assertThat(berth.put("changed", spec).status()).isEqualTo(200);
        long second = berth.awaitAnother("changed", first).path("pid").asLong();
        assertThat(ProcessHandle.of(second).orElseThrow().info().arguments().orElseThrow())
                .contains("another");
        assertThat(berth.details("changed", "ProcessStarted", "Succeeded"))
                .as("the harmless changes started nothing")
                .hasSize(2);

        assertThat(berth.berth()
                        .patch("/services/changed", "{\"running\": false}")
                        .status())
                .isEqualTo(200);
        JsonNode stopped = berth.await("changed", "Stopped");
        assertThat(stopped.has("pid") || stopped.has("port")).isFalse();
        assertThat(FreePorts.isFree(port)).isTrue();
    }

    @Test
    void withoutItsCommandItIsEndedAndOnlyObserved() {
        int port = FreePorts.take();
        berth.declare("web", Map.of("port", port, "command", "exec " + listener("{port}")));
        long first = pid("web");
        assertThat(berth.put("web", Map.of("port", port)).status()).isEqualTo(200);
        berth.awaitThat("web", "nothing of it runs", status -> !status.has("pid"));
        assertThat(Processes.isAlive(first)).isFalse();
        assertThat(FreePorts.isFree(port)).isTrue();

        berth.put("web", Map.of("port", port, "command", "exec " + listener("{port}")));
        berth.await("web", "Running");
        assertThat(berth.berth().delete("/services/web").status()).isEqualTo(202);
        berth.awaitDeleted("web");
        assertThat(berth.processes()).isEmpty();
        assertThat(FreePorts.isFree(port)).isTrue();
    }

    @Test
    void oneThatGaveUpIsTriedAgainWhenAsked() throws IOException {
        Path mended = directory.resolve("mended");
        berth.declare(
                "failing",
                Map.of(
                        "port",
                        FreePorts.take(),
                        "command",
                        "[ -e " + mended + " ] || exit 4; exec " + listener("{port}"),
                        "maxRestarts",
                        1));
        JsonNode failed = berth.await("failing", "Failed");
        assertThat(failed.path("restarts").asInt()).isEqualTo(1);
        Files.createFile(mended);
        assertThat(berth.berth().post("/services/failing/restart").status()).isEqualTo(202);
        assertThat(berth.await("failing", "Running").path("restarts").asInt()).isZero();
    }

    private static long pid(String name) {
        return berth.await(name, "Running").path("pid").asLong();
    }
}
