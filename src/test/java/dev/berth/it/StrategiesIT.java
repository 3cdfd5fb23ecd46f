package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.Children;
import dev.berth.testing.FreePorts;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stranger on the wanted port, settled by each strategy on real processes. */
class StrategiesIT {
    @TempDir
    static Path directory;

    private static Berth berth;
    private final Children children = new Children();

    @BeforeAll
    static void start() {
        berth = Berth.start(directory);
    }

    @AfterAll
    static void stop() {
        berth.close();
    }

    @AfterEach
    void endChildren() {
        children.close();
    }

    @Test
    void conservativeLeavesTheStrangerAloneAndAssignsTheFirstFreeAlternative() throws Exception {
        List<Integer> ports = FreePorts.take(3);
        Process stranger = children.startReady(Holder.command(ports.get(0) + "," + ports.get(1)))
                .process();

        String spec = spec(ports, "conservative");
        JsonNode plan = berth.put("/services/keeper?dryRun=true", spec).body();
        assertThat(plan.path("kind").asText()).isEqualTo("Plan");
        assertThat(plan.toString()).contains(Integer.toString(ports.get(2)));
        assertThat(berth.get("/services/keeper").status())
                .as("a dry run declares nothing")
                .isEqualTo(404);

        assertThat(berth.put("/services/keeper", spec).status()).isEqualTo(201);
        JsonNode conflict = berth.settledConflict("keeper");
        assertThat(conflict.path("state").asText()).isEqualTo("Resolved");
        assertThat(conflict.path("decision").asText()).isEqualTo("Migrate");
        assertThat(conflict.path("holder").path("pid").asLong()).isEqualTo(stranger.pid());
        assertThat(berth.get("/services/keeper")
                        .body()
                        .path("status")
                        .path("port")
                        .asInt())
                .as("the first alternative is held by the stranger too")
                .isEqualTo(ports.get(2));
        assertAnswers(ports.get(0));
        assertOneConflictWithItsTrail("keeper", conflict);
    }

    @Test
    void aggressiveEndsTheStranger() throws Exception {
        List<Integer> ports = FreePorts.take(2);
        Process stranger =
                children.startReady(Holder.command(ports.get(0).toString())).process();
        berth.put("/services/taker", spec(ports, "aggressive"));
        JsonNode conflict = berth.settledConflict("taker");
        assertThat(conflict.path("state").asText()).isEqualTo("Resolved");
        assertThat(conflict.path("decision").asText()).isEqualTo("Terminate");
        assertThat(stranger.onExit().get().isAlive()).isFalse();
        assertThat(berth.get("/services/taker")
                        .body()
                        .path("status")
                        .path("port")
                        .asInt())
                .isEqualTo(ports.get(0));
        assertOneConflictWithItsTrail("taker", conflict);
        assertThat(signals("taker", conflict)).containsExactly("SIGTERM", "SIGTERM");
    }

    @Test
    void aggressiveEndsAStrangerThatIgnoresSigterm() throws Exception {
        List<Integer> ports = FreePorts.take(2);
        Process stranger = children.startReady(Holder.command(ports.get(0).toString(), "stubborn"))
                .process();
        berth.put("/services/insister", spec(ports, "aggressive"));
        JsonNode conflict = berth.settledConflict("insister");
        assertThat(conflict.path("state").asText()).isEqualTo("Resolved");
        assertThat(stranger.onExit().get().isAlive()).isFalse();
        assertThat(signals("insister", conflict))
                .as(() ->
                        berth.auditOf("insister", conflict.path("id").asText()).toString())
                .containsExactly("SIGTERM", "SIGTERM", "SIGKILL", "SIGKILL");
    }

    @Test
    void intelligentDoesWhatItsReasonSays() throws Exception {
        List<Integer> ports = FreePorts.take(2);
        Process stranger =
                children.startReady(Holder.command(ports.get(0).toString())).process();
        berth.put("/services/thinker", spec(ports, "intelligent"));
        JsonNode conflict = berth.settledConflict("thinker");
        assertThat(conflict.path("reason").asText()).isNotBlank();
        if (conflict.path("decision").asText().equals("Terminate")) {
            assertThat(stranger.onExit().get().isAlive()).isFalse();
        } else {
            assertThat(conflict.path("decision").asText()).isEqualTo("Migrate");
            assertAnswers(ports.get(0));
        }
        assertOneConflictWithItsTrail("thinker", conflict);
    }

    @Test
    void aHolderThatIsStartedAgainIsNamedAndNotFought() throws Exception {
        List<Integer> ports = FreePorts.take(2);
        String holder = String.join(" ", Holder.command(ports.get(0).toString()));
        children.start(List.of("sh", "-c", "while :; do " + holder + " >/dev/null; done"));
        Awaitility.await().atMost(Berth.PATIENCE).until(() -> answers(ports.get(0)));

        berth.put("/services/peaceful", spec(ports, "aggressive"));
        Awaitility.await("it falls back to migration")
                .atMost(Berth.PATIENCE)
                .until(() -> berth.get("/services/peaceful")
                                .body()
                                .path("status")
                                .path("port")
                                .asInt()
                        == ports.get(1));
        JsonNode conflict = berth.settledConflict("peaceful");
        assertThat(conflict.path("decision").asText()).isEqualTo("Migrate");
        assertThat(conflict.toString()).as("says who restarts it").contains("sh (pid ");
        assertThat(signals("peaceful", conflict)).as("one try, no fight").containsExactly("SIGTERM", "SIGTERM");
        assertOneConflictWithItsTrail("peaceful", conflict);
    }

    private static String spec(List<Integer> ports, String strategy) {
        return "{\"port\": %d, \"alternativePorts\": %s, \"strategy\": \"%s\", \"gracePeriod\": \"3s\"}"
                .formatted(ports.get(0), ports.subList(1, ports.size()), strategy);
    }

    private static List<String> signals(String service, JsonNode conflict) {
        return berth.auditOf(service, conflict.path("id").asText()).stream()
                .filter(record -> record.path("action").asText().equals("ProcessSignalled"))
                .map(record -> record.path("detail").asText().replaceAll("(SIG[A-Z]+).*", "$1"))
                .toList();
    }

    private static void assertOneConflictWithItsTrail(String service, JsonNode conflict) {
        assertThat(berth.get("/conflicts?service=" + service).body().path("items"))
                .hasSize(1);
        List<JsonNode> trail = berth.auditOf(service, conflict.path("id").asText());
        assertThat(trail)
                .extracting(record -> record.path("action").asText())
                .startsWith("ConflictDetected")
                .endsWith("ConflictResolved")
                .contains("PortAssigned");
        berth.assertAuditIsWhole();
    }

    private static void assertAnswers(int port) {
        assertThat(answers(port)).as("the stranger still listens on " + port).isTrue();
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            return socket.isConnected();
        } catch (java.io.IOException refused) {
            return false;
        }
    }
}
