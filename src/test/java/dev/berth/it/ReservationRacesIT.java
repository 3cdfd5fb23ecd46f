package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.FreePorts;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many want ports of one range at once: each is given to one of them, at the socket and on disk. */
class ReservationRacesIT {
    private static final int CLIENTS = 64;
    private static final int PORTS = 50;

    @TempDir
    Path directory;

    @Test
    void everyPortIsGivenOnceAndTheOthersAreToldWhoHasThem() throws Exception {
        int first = RealServers.freeBlock(PORTS);
        try (Berth berth = Berth.start(directory)) {
            List<Berth.Answer> answers = Clients.race(berth, CLIENTS, range(first), () -> {});
            assertShared(berth, first, answers);
        }
    }

    @Test
    void andSoTheyAreWhenBerthIsKilledInBetween() throws Exception {
        int first = RealServers.freeBlock(PORTS);
        try (Berth berth = Berth.start(directory)) {
            List<Berth.Answer> answers = Clients.race(berth, CLIENTS, range(first), () -> {
                Awaitility.await("some are reserved")
                        .atMost(Berth.PATIENCE)
                        .until(() -> FreePorts.isFree(first), free -> !free);
                berth.killNine();
                berth.launch();
            });
            assertShared(berth, first, answers);
            berth.killNine();
            assertThat(IntStream.range(first, first + PORTS).filter(port -> !FreePorts.isFree(port)))
                    .as("what nobody holds while Berth is away")
                    .isEmpty();
            berth.launch();
            assertThat(IntStream.range(first, first + PORTS).filter(FreePorts::isFree))
                    .as("what is not held by the next Berth as soon as it is started")
                    .isEmpty();
        }
    }

    private static String range(int first) {
        return first + "-" + (first + PORTS - 1);
    }

    private static void assertShared(Berth berth, int first, List<Berth.Answer> answers) {
        List<Integer> given = answers.stream()
                .filter(answer -> answer.status() == 201)
                .map(answer -> answer.body().path("port").asInt())
                .toList();
        assertThat(given)
                .hasSize(PORTS)
                .doesNotHaveDuplicates()
                .allMatch(port -> port >= first && port < first + PORTS && !FreePorts.isFree(port));
        List<Berth.Answer> refused =
                answers.stream().filter(answer -> answer.status() != 201).toList();
        assertThat(refused).hasSize(CLIENTS - PORTS);
        for (Berth.Answer answer : refused) {
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(409);
            Set<Integer> told = new HashSet<>();
            for (JsonNode holder : answer.body().path("holders")) {
                told.add(holder.path("port").asInt());
                // The last ones may be on their way to whoever was quicker.
                assertThat(holder.path("holder").asText())
                        .containsAnyOf("reserved for client-", "is being given to somebody else");
            }
            assertThat(told).hasSize(PORTS);
        }
        JsonNode items = berth.get("/reservations").body().path("items");
        assertThat(items).hasSize(PORTS);
        assertThat(items)
                .allSatisfy(
                        item -> assertThat(item.path("enforcement").asText()).isEqualTo("Held"));
        berth.assertAuditIsWhole();
    }
}
