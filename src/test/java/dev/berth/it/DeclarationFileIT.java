package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program with a berth.yaml, and with settings from every source. */
class DeclarationFileIT {
    @TempDir
    Path directory;

    @Test
    void aWatchedFileIsFollowedThroughEditsAndRestarts() throws Exception {
        int port = FreePorts.take();
        Path project = Files.createDirectory(directory.resolve("my project"));
        Path file = Files.writeString(project.resolve("berth.yaml"), "services: {web: {port: " + port + "}, old: {}}");
        try (Berth berth = Berth.start(directory, Map.of(), "-f", file.toString())) {
            assertThat(berth.get("/services/web")
                            .body()
                            .path("spec")
                            .path("port")
                            .asInt())
                    .as("declared before Berth says that it is started")
                    .isEqualTo(port);

            replace(file, "services:\n  web:\n    prot: 1\n");
            awaitState(berth, "Refused");
            JsonNode state = berth.get("/sources").body().path("items").get(0);
            assertThat(state.path("errors").get(0).path("message").asText())
                    .contains("did you mean \"port\"", "line 3, column 5");
            Berth.Answer ready = berth.get("/q/health/ready");
            assertThat(ready.status()).isEqualTo(200);
            assertThat(ready.body().toString()).contains("did you mean");
            assertThat(berth.get("/services/old").status()).isEqualTo(200);

            replace(file, "services: {web: {port: " + port + ", critical: true}}");
            awaitState(berth, "Applied");
            assertThat(berth.get("/services/web")
                            .body()
                            .path("spec")
                            .path("critical")
                            .asBoolean())
                    .isTrue();
            assertThat(berth.get("/services/old").status()).isEqualTo(404);

            long version = version(berth);
            berth.killNine();
            Files.writeString(file, "services: [");
            berth.launch();
            assertThat(berth.get("/services/web").status())
                    .as("what was good before stays")
                    .isEqualTo(200);
            awaitState(berth, "Refused");
            assertThat(version(berth)).isGreaterThanOrEqualTo(version);
            assertThat(berth.log()).contains("berth.yaml", "this is not YAML");
        }
    }

    @Test
    void settingsHaveTheirPrecedenceAndWhatWasSetSurvivesAKill() {
        Map<String, String> environment = Map.of("BERTH_HISTORY_COUNT", "5000");
        try (Berth berth = Berth.start(directory, environment, "--set", "logs.files=9")) {
            assertThat(source(berth, "logs", "files")).isEqualTo("9 from command line");
            assertThat(source(berth, "history", "count")).isEqualTo("5000 from environment BERTH_HISTORY_COUNT");

            Berth.Answer refused = berth.patch(
                    "/settings", "{\"logs.files\": 3, \"history.count\": 6000, \"health.interval\": \"9s\"}");
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body().path("errors").toString())
                    .contains(
                            "logs.files", "command line", "history.count", "BERTH_HISTORY_COUNT", "start Berth again");
            assertThat(source(berth, "health", "interval")).isEqualTo("10s from default");
            assertThat(berth.patch("/settings", "{\"logs.files\": 9, \"health.interval\": \"9s\"}")
                            .status())
                    .as("what is so already may be said")
                    .isEqualTo(200);
            berth.killNine();
            berth.launch();
            assertThat(source(berth, "health", "interval")).isEqualTo("9s from REST");
            assertThat(source(berth, "logs", "files")).isEqualTo("9 from command line");
            berth.assertAuditIsWhole();
        }
    }

    @Test
    void whatIsExportedMakesTheSameOfAnEmptyBerth() throws Exception {
        List<Integer> ports = FreePorts.take(2);
        JsonNode export;
        try (Berth berth = Berth.start(Files.createDirectory(directory.resolve("one")))) {
            berth.put(
                    "/services/web",
                    "{\"port\": " + ports.get(0) + ", \"environment\": {\"A\": \"1e5\"}, \"labels\": {\"x\": \"y\"}}");
            berth.put("/namespaces/team/services/api", "{\"alternativePorts\": [5000], \"dependsOn\": []}");
            berth.post("/reservations", "{\"holder\": \"ci\", \"port\": " + ports.get(1) + "}");
            berth.post("/reservations", "{\"holder\": \"soon over\", \"ttl\": \"10m\"}");
            berth.patch("/settings", "{\"logs.files\": 7, \"ports.reserved\": [5432]}");
            export = berth.get("/export").body();
            assertThat(export.path("reservations")).hasSize(1);
            assertThat(export.path("services").has("team/api")).isTrue();
        }
        try (Berth berth = Berth.start(Files.createDirectory(directory.resolve("two")))) {
            assertThat(berth.post("/apply", export.toString()).status()).isEqualTo(200);
            assertThat(berth.get("/export").body()).isEqualTo(export);
            assertThat(berth.get("/reservations/" + ports.get(1))
                            .body()
                            .path("holder")
                            .asText())
                    .isEqualTo("ci");
        }
    }

    /** On ports of this test's own instead of the well-known ones; some of them are taken by strangers. */
    @ParameterizedTest
    @ValueSource(strings = {"berth.yaml", "berth.snake_case.yaml"})
    void theCommonStackSettlesItsOverlaps(String name) throws Exception {
        Tools.require("python3");
        String example =
                Files.readString(Path.of("deploy/examples/common-stack").resolve(name));
        Map<Integer, Integer> ports = new LinkedHashMap<>();
        String text = Pattern.compile("\\b(8[0-9]{3}|3[0-9]{3}|1[24][0-9]{3})\\b")
                .matcher(example)
                .replaceAll(match -> Integer.toString(
                        ports.computeIfAbsent(Integer.valueOf(match.group()), any -> FreePorts.take())));
        Path file = Files.writeString(directory.resolve(name), text);
        Map<String, String> environment = Map.of("BERTH_PORTS_RESERVED", Integer.toString(ports.get(3001)));
        List<ServerSocket> strangers = new ArrayList<>();
        try {
            for (int taken : new int[] {8000, 12000, 3000}) {
                strangers.add(listen(ports.get(taken)));
            }
            try (Supervised berth = Supervised.start(directory, environment, "-f", file.toString())) {
                Map<String, Integer> got = new LinkedHashMap<>();
                for (String service : List.of("backend", "frontend", "memory-api", "three-engine", "websocket")) {
                    got.put(
                            service,
                            berth.await(service, "Running").path("port").asInt());
                }
                assertThat(got)
                        .isEqualTo(Map.of(
                                // Its first two alternatives are what others prefer.
                                "backend", ports.get(8003),
                                // The first alternative is taken, the second reserved.
                                "frontend", ports.get(3002),
                                "memory-api", ports.get(8001),
                                "three-engine", ports.get(8002),
                                "websocket", ports.get(8080)));
                for (String service : List.of("backend", "frontend")) {
                    JsonNode conflict = berth.berth().settledConflict(service);
                    assertThat(conflict.path("state").asText()).isEqualTo("Resolved");
                    assertThat(conflict.path("decision").asText()).isEqualTo("Migrate");
                    assertThat(conflict.path("strategy").asText()).isEqualTo("conservative");
                    assertThat(Supervised.message(berth.status(service), "PortAssigned"))
                            .contains("moved from port");
                }
                assertThat(source(berth.berth(), "conflicts", "maxAlternatives"))
                        .isEqualTo("5 from file common");
                assertThat(source(berth.berth(), "reconcile", "interval")).isEqualTo("5s from file common");
            }
        } finally {
            for (ServerSocket stranger : strangers) {
                stranger.close();
            }
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** As editors do: a new file in the old one's place. */
    private static void replace(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling(".next"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void awaitState(Berth berth, String state) {
        Awaitility.await("the file is " + state).atMost(Berth.PATIENCE).until(() -> {
            JsonNode items = berth.get("/sources").body().path("items");
            return items.size() == 1 && items.get(0).path("state").asText().equals(state);
        });
    }

    private static long version(Berth berth) {
        return berth.get("/services")
                .body()
                .path("metadata")
                .path("resourceVersion")
                .asLong();
    }

    private static String source(Berth berth, String section, String key) {
        JsonNode leaf = berth.get("/settings").body().path(section).path(key);
        return leaf.path("value").asText() + " from " + leaf.path("source").asText();
    }
}
