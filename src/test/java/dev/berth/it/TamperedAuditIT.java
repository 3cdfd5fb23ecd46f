package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.Children;
import dev.berth.testing.FreePorts;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody changes the database while Berth is down: the next one says so, and which record it is. */
class TamperedAuditIT {
    @TempDir
    Path directory;

    @Test
    void theFirstWrongRecordIsNamedAfterAStart() throws Exception {
        try (Berth berth = Berth.start(directory)) {
            for (int i = 0; i < 5; i++) {
                assertThat(berth.put(
                                        "/services/s" + i,
                                        "{\"port\": %d, \"running\": false}".formatted(FreePorts.take()))
                                .status())
                        .isEqualTo(201);
            }
            berth.assertAuditIsWhole();
            berth.terminate();
            Path database = directory.resolve("data/berth.db");
            Path kept = directory.resolve("kept.db");
            // Nothing is left in the write-ahead log of a Berth that ended in peace.
            sql(database, "pragma wal_checkpoint(truncate)");
            Files.copy(database, kept);

            JsonNode changed = afterwards(berth, kept, "update audit set reason = 'it was nobody' where seq = 3");
            assertThat(changed.path("brokenAt").asLong()).as(changed.toString()).isEqualTo(3);
            cliSaysSo(berth, "record 3");

            JsonNode deleted = afterwards(berth, kept, "delete from audit where seq = 3");
            assertThat(deleted.path("brokenAt").asLong()).as(deleted.toString()).isEqualTo(4);

            JsonNode cut = afterwards(berth, kept, "delete from audit where seq > 3");
            assertThat(cut.path("brokenAt").asLong()).as(cut.toString()).isGreaterThanOrEqualTo(4);
        }
    }

    /** What a Berth says that is started on the database after that. */
    private JsonNode afterwards(Berth berth, Path kept, String tampering) throws IOException, SQLException {
        if (ProcessHandle.of(berth.pid()).filter(ProcessHandle::isAlive).isPresent()) {
            berth.terminate();
        }
        Path data = directory.resolve("data");
        Files.deleteIfExists(data.resolve("berth.db-wal"));
        Files.deleteIfExists(data.resolve("berth.db-shm"));
        Files.copy(kept, data.resolve("berth.db"), StandardCopyOption.REPLACE_EXISTING);
        sql(data.resolve("berth.db"), tampering);
        berth.launch();
        JsonNode verification = berth.get("/audit/verify").body();
        assertThat(verification.path("valid").asBoolean())
                .as(verification.toString())
                .isFalse();
        return verification;
    }

    private static void sql(Path database, String text) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    private static void cliSaysSo(Berth berth, String record) throws Exception {
        Tools.require("curl");
        try (Children children = new Children()) {
            Process cli = children.start(
                    List.of(Path.of("deploy/bin/berth").toAbsolutePath().toString(), "audit", "verify"),
                    Map.of("BERTH_URL", berth.base()));
            String said = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).contains("BROKEN", record);
            assertThat(cli.waitFor()).isEqualTo(1);
        }
    }
}
