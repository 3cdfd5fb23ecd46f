package dev.berth.it;

import static dev.berth.it.Supervised.condition;
import static dev.berth.it.Supervised.listener;
import static dev.berth.it.Supervised.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.FreePorts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What depends on what: the order of starting and stopping, and what becomes of it when something never comes up. */
class DependenciesIT {
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
    void nothingStartsAfterOneThatIsNeverHealthyAndWhatRanRunsOn() {
        berth.declare("bystander", Map.of("port", FreePorts.take(), "command", "exec sleep 1000"));
        long bystander = berth.awaitPid("bystander");
        berth.declare(
                "database",
                Map.of(
                        "port", FreePorts.take(),
                        "command", "exec sleep 1000",
                        "healthCheck", Map.of("command", "exit 1", "interval", "200ms", "startPeriod", "1s")));
        berth.declare("backend", dependent("database"));
        berth.declare("frontend", dependent("backend"));

        JsonNode backend = berth.awaitThat(
                "backend",
                "it says what it waits for",
                status -> message(status, "Waiting").contains("database is healthy"));
        JsonNode frontend = berth.awaitThat(
                "frontend",
                "it says what it waits for",
                status -> message(status, "Waiting").contains("backend is healthy"));
        // After the start period it is known that it won't become healthy by itself.
        berth.awaitThat(
                "database",
                "its check fails",
                status -> condition(status, "Ready").path("reason").asText().equals("HealthCheckFailed"));
        assertThat(List.of(backend, frontend)).noneMatch(status -> status.has("pid"));
        assertThat(berth.pids()).containsOnlyKeys("bystander", "database").containsEntry("bystander", bystander);
    }

    @Test
    void oneThatGaveUpBlocksWhatDependsOnItUntilItIsMended() {
        int port = FreePorts.take();
        berth.declare("database", Map.of("port", port, "command", "echo no disk; exit 7", "maxRestarts", 0));
        berth.declare("backend", dependent("database"));
        JsonNode blocked = berth.await("backend", "Blocked");
        assertThat(message(blocked, "Started")).contains("database", "exited with status 7");
        assertThat(condition(blocked, "Started").path("reason").asText()).isEqualTo("DependencyFailed");
        assertThat(blocked.has("pid")).isFalse();

        berth.put("database", Map.of("port", port, "command", "exec " + listener("{port}")));
        long pid = berth.await("backend", "Running").path("pid").asLong();

        berth.put("database", Map.of("port", port, "command", "exit 7", "maxRestarts", 0));
        berth.await("database", "Failed");
        assertThat(berth.status("backend").path("pid").asLong())
                .as("what ran runs on")
                .isEqualTo(pid);
    }

    @Test
    void aChainStartsFromItsEndAndStopsFromItsBeginning() {
        List<Integer> ports = FreePorts.take(3);
        Map<String, Object> services = Map.of(
                "chain-a", link(ports.get(0), List.of(Map.of("service", "chain-b", "condition", "healthy"))),
                "chain-b", link(ports.get(1), List.of(Map.of("service", "chain-c", "condition", "healthy"))),
                "chain-c", link(ports.get(2), List.of()));
        assertThat(berth.apply("", Map.of("stack", "chain", "services", services))
                        .status())
                .isEqualTo(200);
        berth.await("chain-a", "Running");
        assertThat(order("ProcessStarted", "Intended")).containsExactly("chain-c", "chain-b", "chain-a");

        // One commit wants them all gone; which of them stops first is up to Berth.
        Map<String, String> names = new TreeMap<>();
        berth.pids().forEach((name, pid) -> names.put(Long.toString(pid), name));
        assertThat(berth.apply("?prune=true", Map.of("stack", "chain", "services", Map.of()))
                        .status())
                .isEqualTo(200);
        List.of("chain-a", "chain-b", "chain-c").forEach(berth::awaitDeleted);
        List<String> ends = berth.berth().audit("").stream()
                .filter(record -> isEnd(record, names))
                .map(record -> record.path("target").path("name").asText())
                .map(name -> names.getOrDefault(name, name))
                .toList();
        assertThat(ends)
                .as("the next one is told when the one before has ended")
                .containsExactly("chain-a", "chain-a", "chain-b", "chain-b", "chain-c", "chain-c");
        berth.assertAuditIsWhole();
    }

    /** The intent of a signal to one of the services, or the end of its process. */
    private static boolean isEnd(JsonNode record, Map<String, String> names) {
        String target = record.path("target").path("name").asText();
        return switch (record.path("action").asText()) {
            case "ProcessSignalled" ->
                names.containsValue(target) && record.path("outcome").asText().equals("Intended");
            case "ProcessExited" -> names.containsKey(target);
            default -> false;
        };
    }

    private static Map<String, Object> link(int port, List<Object> dependsOn) {
        return Map.of("port", port, "command", "exec " + listener("{port}"), "dependsOn", dependsOn);
    }

    private static Map<String, Object> dependent(String on) {
        return Map.of(
                "port", FreePorts.take(),
                "command", "exec " + listener("{port}"),
                "dependsOn", List.of(on));
    }

    private static List<String> order(String action, String outcome) {
        return berth.berth().audit("").stream()
                .filter(record -> record.path("action").asText().equals(action)
                        && record.path("outcome").asText().equals(outcome))
                .map(record -> record.path("target").path("name").asText())
                .filter(name -> name.startsWith("chain-"))
                .toList();
    }
}
