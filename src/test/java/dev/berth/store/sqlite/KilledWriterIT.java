package dev.berth.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.StoredObject;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL at any moment: what was acknowledged is there, what is there is whole, and the chain verifies. */
class KilledWriterIT {
    private static final int ROUNDS = 5;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whatWasAcknowledgedSurvives() throws Exception {
        long seed = Long.getLong("berth.seed", new Random().nextLong());
        Random random = new Random(seed);
        Path file = directory.resolve("berth.db");
        Map<String, Long> acknowledged = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            runAndKill(file, round, random.nextInt(400), acknowledged);
            assertThat(acknowledged).as("round %d", round).isNotEmpty();
            check(file, acknowledged, seed);
        }
    }

    /** @param lines how many acknowledgements to wait for before the kill */
    private static void runAndKill(Path file, int round, int lines, Map<String, Long> acknowledged)
            throws IOException, InterruptedException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommittingProgram.class.getName(),
                        file.toString(),
                        Integer.toString(round))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
            int seen = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                String[] words = line.split(" ");
                // The framework's own log goes to the same stream.
                if (words.length == 2 && words[0].startsWith("r" + round + "t")) {
                    acknowledged.put(words[0], Long.parseLong(words[1]));
                    if (++seen == lines + 1) {
                        // The handle leaves the stream open: what was printed before the kill counts.
                        program.toHandle().destroyForcibly();
                    }
                }
            }
        } finally {
            program.destroyForcibly();
            program.waitFor();
        }
    }

    private static void check(Path file, Map<String, Long> acknowledged, long seed)
            throws IOException, SQLException, StoreException {
        String url = DatabaseUrl.file(file);
        // As a start of Berth does it: the writer's connection recovers what the kill left.
        try (FileDatabase database = new FileDatabase(url);
                SqliteStore store = database.store()) {
            Store.Loaded loaded = store.load();
            Map<String, Long> there = loaded.objects().stream()
                    .collect(Collectors.toMap(object -> object.ref().name(), StoredObject::resourceVersion));
            assertThat(there).as("seed %d", seed).containsAllEntriesOf(acknowledged);
            assertThat(loaded.lastSeq()).isEqualTo(there.size());
            assertThat(store.verifyAudit()).satisfies(verdict -> {
                assertThat(verdict.valid()).isTrue();
                assertThat(verdict.records()).as("one for each change").isEqualTo(there.size());
            });
        }
    }
}
