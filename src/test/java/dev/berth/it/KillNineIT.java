package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.Children;
import dev.berth.testing.FreePorts;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon is killed in the middle of a resolution; the next one finishes it and the record is whole. */
class KillNineIT {
    private static final int ROUNDS = 4;

    @TempDir
    Path directory;

    @Test
    void whatWasUnderWayIsFinishedAndNothingAcknowledgedIsLost() throws InterruptedException {
        try (Children children = new Children();
                Berth berth = Berth.start(directory)) {
            for (int round = 0; round < ROUNDS; round++) {
                List<Integer> ports = FreePorts.take(2);
                Process stranger = children.startReady(
                                Holder.command(ports.get(0).toString(), round % 2 == 0 ? "stubborn" : "gentle"))
                        .process();
                String service = "survivor-" + round;
                String spec =
                        "{\"port\": %d, \"alternativePorts\": [%d], \"strategy\": \"aggressive\", \"gracePeriod\": \"1s\"}"
                                .formatted(ports.get(0), ports.get(1));
                assertThat(berth.put("/services/" + service, spec).status()).isEqualTo(201);
                // A random moment between the look and the end of the grace period: this is what the round is about.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(
                        ThreadLocalRandom.current().nextInt(1200)));
                berth.killNine();
                berth.launch();

                assertThat(berth.get("/services/" + service).status())
                        .as("the declaration was acknowledged")
                        .isEqualTo(200);
                JsonNode conflict = berth.settledConflict(service);
                assertThat(conflict.path("state").asText()).isEqualTo("Resolved");
                // Its port is free a moment before this program hears that it has ended.
                assertThat(stranger.waitFor(10, TimeUnit.SECONDS))
                        .as("it was ended, once and for all: %s", conflict)
                        .isTrue();
                assertThat(berth.get("/services/" + service)
                                .body()
                                .path("status")
                                .path("port")
                                .asInt())
                        .isEqualTo(ports.get(0));
                assertEveryIntentIsClosed(berth, service, conflict);
                berth.assertAuditIsWhole();
            }
        }
    }

    private static void assertEveryIntentIsClosed(Berth berth, String service, JsonNode conflict) {
        List<JsonNode> signals = berth.auditOf(service, conflict.path("id").asText()).stream()
                .filter(record -> record.path("action").asText().equals("ProcessSignalled"))
                .toList();
        List<String> intended = acts(signals, true);
        assertThat(acts(signals, false)).containsExactlyInAnyOrderElementsOf(intended);
    }

    private static List<String> acts(List<JsonNode> records, boolean intents) {
        return records.stream()
                .filter(record -> record.path("outcome").asText().equals("Intended") == intents)
                .map(record -> record.path("act").asText())
                .toList();
    }
}
