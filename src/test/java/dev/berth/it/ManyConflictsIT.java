package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.Children;
import dev.berth.testing.FreePorts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty conflicts at once: a stubborn holder that takes its whole grace delays none of the others. */
class ManyConflictsIT {
    private static final int CONFLICTS = 50;

    @TempDir
    Path directory;

    @Test
    void settleConcurrently() {
        List<Integer> ports = FreePorts.take(CONFLICTS);
        try (Children children = new Children();
                Berth berth = Berth.start(directory)) {
            children.startReady(Holder.command(ports.get(0).toString(), "stubborn"));
            // A handful of processes with many ports each: what is settled is per port, not per process.
            List<Integer> others = ports.subList(1, CONFLICTS);
            children.startReady(
                    Holder.command(others.stream().map(String::valueOf).collect(Collectors.joining(","))));

            berth.put(
                    "/services/slow",
                    "{\"port\": %d, \"strategy\": \"aggressive\", \"gracePeriod\": \"10s\"}".formatted(ports.get(0)));
            for (int i = 1; i < CONFLICTS; i++) {
                String spec = "{\"port\": %d, \"strategy\": \"%s\", \"gracePeriod\": \"10s\"}"
                        .formatted(ports.get(i), "conservative");
                assertThat(berth.put("/services/quick-" + i, spec).status()).isEqualTo(201);
            }
            List<Instant> ends = new ArrayList<>();
            IntStream.range(1, CONFLICTS).forEach(i -> {
                JsonNode conflict = berth.settledConflict("quick-" + i);
                assertThat(conflict.path("state").asText()).isEqualTo("Resolved");
                ends.add(Instant.parse(conflict.path("resolvedAt").asText()));
            });
            Instant slow = Instant.parse(
                    berth.settledConflict("slow").path("resolvedAt").asText());
            assertThat(ends).as("all others were settled before the slow one").allMatch(end -> end.isBefore(slow));
            berth.assertAuditIsWhole();
        }
    }
}
