package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.testing.FreePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that Berth runs, on real processes: started, kept running, adopted by the next Berth, and ended to the last child. */
class SupervisionIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Berth berth;
    private final List<String> declared = new ArrayList<>();

    @BeforeEach
    void start() {
        berth = Berth.start(directory, Map.of("BERTH_CONFLICTS_RESPAWN_WATCH", "0s"));
    }

    @AfterEach
    void endEverything() {
        for (String name : declared) {
            berth.delete("/services/" + name);
        }
        for (String name : declared) {
            Awaitility.await(name + " is deleted")
                    .atMost(Berth.PATIENCE)
                    .until(() -> berth.get("/services/" + name).status() == 404);
        }
        berth.close();
    }

    @Test
    void aServiceIsStartedRestartedStoppedAndDeleted() {
        int port = FreePorts.take(1).get(0);
        declare("web", service(port, Holder.command("{port}")));
        JsonNode running = awaitState("web", "Running");
        long first = running.path("pid").asLong();
        assertThat(running.path("port").asInt()).isEqualTo(port);

        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        Awaitility.await("another process runs").atMost(Berth.PATIENCE).until(() -> {
            JsonNode status = status("web");
            return status.path("state").asText().equals("Running")
                    && status.path("pid").asLong() != first;
        });
        JsonNode again = status("web");
        assertThat(again.path("restarts").asInt()).isEqualTo(1);
        assertThat(again.path("lastExit").path("signal").asInt()).isEqualTo(9);

        long second = again.path("pid").asLong();
        assertThat(berth.post("/services/web/stop").status()).isEqualTo(202);
        assertThat(awaitState("web", "Stopped").has("pid")).isFalse();
        assertThat(ProcessHandle.of(second).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(FreePorts.isFree(port)).isTrue();

        berth.post("/services/web/start");
        long third = awaitState("web", "Running").path("pid").asLong();
        assertThat(berth.delete("/services/web").status()).isEqualTo(202);
        Awaitility.await("it is deleted")
                .atMost(Berth.PATIENCE)
                .until(() -> berth.get("/services/web").status() == 404);
        assertThat(ProcessHandle.of(third).filter(ProcessHandle::isAlive)).isEmpty();
        berth.assertAuditIsWhole();
    }

    @Test
    void theNextBerthTakesUpTheSameProcesses() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String name = "sleeper-" + i;
            names.add(name);
            declare(name, service(FreePorts.take(1).get(0), List.of("sleep", "1000")));
        }
        List<Long> pids = new ArrayList<>();
        for (String name : names) {
            pids.add(awaitPid(name));
        }
        berth.killNine();
        berth.launch();
        List<Long> after = new ArrayList<>();
        for (String name : names) {
            after.add(awaitPid(name));
        }
        assertThat(after).isEqualTo(pids);
        assertThat(pids)
                .allMatch(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
    }

    @Test
    void aTreeIsEndedToTheLastOfItsProcesses() {
        int port = FreePorts.take(1).get(0);
        String script = "sh -c 'trap \"\" TERM; sleep 1001 & wait; sleep 1002' & setsid sleep 1003 & exec "
                + String.join(" ", Holder.command("{port}"));
        declare("tree", Map.of("port", port, "command", script, "gracePeriod", "500ms"));
        long leader = awaitState("tree", "Running").path("pid").asLong();
        List<ProcessHandle> tree =
                ProcessHandle.of(leader).orElseThrow().descendants().toList();
        assertThat(tree).hasSizeGreaterThanOrEqualTo(3);
        berth.post("/services/tree/stop");
        awaitState("tree", "Stopped");
        assertThat(tree).noneMatch(ProcessHandle::isAlive);
        assertThat(FreePorts.isFree(port)).isTrue();
    }

    @Test
    void oneThatKeepsFailingStaysDownAndSaysWhy() {
        declare(
                "broken",
                Map.of(
                        "port",
                        FreePorts.take(1).get(0),
                        "command",
                        "echo 'no such table: users' >&2; exit 3",
                        "maxRestarts",
                        1));
        JsonNode status = awaitState("broken", "Failed");
        assertThat(status.path("restarts").asInt()).isEqualTo(1);
        assertThat(status.path("lastExit").path("status").asInt()).isEqualTo(3);
        assertThat(condition(status, "Started")).contains("maxRestarts", "no such table: users");
    }

    @Test
    void whatDependsOnAServiceThatIsNeverHealthyIsNotStarted() {
        List<Integer> ports = FreePorts.take(2);
        declare(
                "database",
                Map.of(
                        "port", ports.get(0),
                        "command", "exec sleep 1000",
                        "healthCheck", Map.of("tcp", "{port}", "interval", "200ms")));
        declare(
                "backend",
                Map.of(
                        "port", ports.get(1),
                        "command", "exec sleep 1000",
                        "dependsOn", List.of(Map.of("service", "database", "condition", "healthy"))));
        awaitPid("database");
        Awaitility.await("it waits")
                .atMost(Berth.PATIENCE)
                .until(() -> condition(status("backend"), "Waiting").contains("database is healthy"));
        assertThat(status("backend").has("pid")).isFalse();
    }

    private static Map<String, Object> service(int port, List<String> command) {
        return Map.of("port", port, "command", command, "gracePeriod", "2s");
    }

    private void declare(String name, Map<String, Object> spec) {
        ObjectNode body = JSON.valueToTree(spec);
        assertThat(berth.put("/services/" + name, body.toString()).status()).isEqualTo(201);
        declared.add(name);
    }

    private JsonNode status(String name) {
        return berth.get("/services/" + name).body().path("status");
    }

    private JsonNode awaitState(String name, String state) {
        Awaitility.await(name + " is " + state)
                .atMost(Berth.PATIENCE)
                .until(() -> status(name).path("state").asText().equals(state));
        return status(name);
    }

    private long awaitPid(String name) {
        return Awaitility.await(name + " has a process")
                .atMost(Berth.PATIENCE)
                .until(() -> Optional.of(status(name)).filter(status -> status.has("pid")), Optional::isPresent)
                .orElseThrow()
                .path("pid")
                .asLong();
    }

    private static String condition(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("message").asText();
            }
        }
        return "";
    }
}
