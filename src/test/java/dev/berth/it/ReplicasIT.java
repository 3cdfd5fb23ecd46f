package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.testing.FreePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several real processes of one service: more, fewer, one that dies, and all that go. */
class ReplicasIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Berth berth;
    private final List<Integer> ports = FreePorts.take(3);

    @BeforeEach
    void start() {
        berth = Berth.start(directory, Map.of("BERTH_CONFLICTS_RESPAWN_WATCH", "0s"));
    }

    @AfterEach
    void end() {
        delete();
        berth.close();
    }

    private void delete() {
        berth.delete("/services/web");
        Awaitility.await("it is deleted")
                .atMost(Berth.PATIENCE)
                .until(() -> berth.get("/services/web").status() == 404);
    }

    private void scale(int replicas, int status) {
        Map<String, Object> spec = Map.of(
                "port", ports.get(0),
                "alternativePorts", ports.subList(1, 3),
                "replicas", replicas,
                "command", Holder.command("{port}"),
                "gracePeriod", "2s");
        assertThat(berth.put("/services/web", JSON.valueToTree(spec).toString()).status())
                .isEqualTo(status);
    }

    /** Waits until that many serve, and returns their processes by number. */
    private List<Long> awaitRunning(int count) {
        Awaitility.await(count + " run").atMost(Berth.PATIENCE).until(() -> {
            JsonNode status = berth.get("/services/web").body().path("status");
            return status.path("state").asText().equals("Running")
                    && status.path("instances").size() == count;
        });
        List<Long> pids = new ArrayList<>();
        List<Integer> on = new ArrayList<>();
        berth.get("/services/web").body().path("status").path("instances").forEach(each -> {
            pids.add(each.path("pid").asLong());
            on.add(each.path("port").asInt());
        });
        assertThat(pids).hasSize(count).doesNotHaveDuplicates();
        assertThat(on).isEqualTo(ports.subList(0, count));
        assertThat(on).noneMatch(FreePorts::isFree);
        return pids;
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    @Test
    void replicasComeGoAndAreReplaced() {
        scale(3, 201);
        List<Long> three = awaitRunning(3);
        scale(1, 200);
        assertThat(awaitRunning(1)).isEqualTo(three.subList(0, 1));
        assertThat(three.subList(1, 3)).noneMatch(ReplicasIT::isAlive);
        assertThat(ports.subList(1, 3)).allMatch(FreePorts::isFree);

        scale(2, 200);
        List<Long> two = awaitRunning(2);
        assertThat(two.get(0)).isEqualTo(three.get(0));
        ProcessHandle.of(two.get(1)).orElseThrow().destroyForcibly();
        Awaitility.await("the second is replaced").atMost(Berth.PATIENCE).until(() -> {
            JsonNode second = berth.get("/services/web.1").body().path("status");
            return second.path("state").asText().equals("Running")
                    && second.path("pid").asLong() != two.get(1);
        });
        List<Long> replaced = awaitRunning(2);
        assertThat(replaced.get(0)).isEqualTo(three.get(0));

        delete();
        assertThat(replaced).noneMatch(ReplicasIT::isAlive);
        assertThat(ports).allMatch(FreePorts::isFree);
        assertThat(berth.get("/services").body().path("items")).isEmpty();
        berth.assertAuditIsWhole();
    }
}
