package dev.berth.it;

import static dev.berth.it.Supervised.condition;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can't be is refused with a reason; what can't be started yet is told, and started when it can. */
class RefusalsIT {
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
    void servicesThatWaitForEachOther() {
        Berth.Answer file =
                berth.apply("", Map.of("services", new TreeMap<>(Map.of("a", on("b"), "b", on("c"), "c", on("a")))));
        assertRefused(file, "a → b → c → a");
        assertThat(berth.services()).isEmpty();

        berth.declare("a", on("b"));
        assertRefused(berth.put("b", on("a")), "b → a → b");
        assertRefused(berth.apply("", Map.of("services", Map.of("b", on("a")))), "b → a → b");
        assertThat(berth.put("b", on("c")).status()).isEqualTo(201);
        assertRefused(berth.put("c", on("a")), "c → a → b → c");
        assertThat(berth.put("c", Map.of("port", FreePorts.take(), "command", "exec sleep 1000"))
                        .status())
                .isEqualTo(201);
        Berth.Answer patch = berth.berth().patch("/services/c", "{\"dependsOn\": [\"a\"]}");
        assertRefused(patch, "c → a → b → c");
    }

    @Test
    void whatNoServiceCanHave() {
        assertRefused(refused("stopSignal", "SIGFOO"), "SIGTERM");
        assertRefused(refused("command", "serve {services..port}"), "{services.NAME.port}");
        assertRefused(refused("environment", Map.of("URL", "{services.database}")), "{services.NAME.port}");
        assertRefused(refused("dependsOn", List.of("bad")), "itself");
        Map<String, Object> services = Map.of("web", on("databse"), "database", on("web"));
        assertRefused(berth.apply("", Map.of("services", services)), "did you mean \"database\"?");
        assertThat(berth.services()).isEmpty();
    }

    @Test
    void aCommandThatIsNotThereIsAWarningAndAFailedStartWithItsReason() {
        Path missing = directory.resolve("no-such-program");
        assertCannotStart("missing", List.of(missing.toString()), "command not found");
        assertCannotStart("unknown", "no-such-program --port {port}", "no-such-program");
        Path plain = directory.resolve("daemon.log");
        assertCannotStart("plain", List.of(plain.toString()), "not executable");
    }

    @Test
    void aMissingDirectoryIsWaitedFor() throws IOException {
        Path missing = directory.resolve("later");
        Map<String, Object> spec =
                Map.of("port", FreePorts.take(), "command", "exec sleep 1000", "workingDirectory", missing.toString());
        Berth.Answer answer = berth.put("early", spec);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.warnings()).anyMatch(warning -> warning.contains("does not exist"));
        assertThat(condition(berth.await("early", "Failed"), "Started")
                        .path("message")
                        .asText())
                .contains(missing.toString(), "does not exist");
        Files.createDirectory(missing);
        berth.awaitPid("early");
        assertThat(berth.status("early").path("restarts").asInt()).isZero();
    }

    private static void assertCannotStart(String name, Object command, String reason) {
        Map<String, Object> spec = Map.of("port", FreePorts.take(), "command", command);
        JsonNode plan = berth.berth()
                .put("/services/" + name + "?dryRun=true", Supervised.json(spec))
                .body();
        assertThat(plan.path("warnings").toString()).contains(reason);
        Berth.Answer answer = berth.put(name, spec);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.warnings()).anyMatch(warning -> warning.contains(reason));
        JsonNode failed = berth.await(name, "Failed");
        assertThat(condition(failed, "Started").path("message").asText()).contains(reason);
        assertThat(failed.has("pid")).isFalse();
    }

    private static Berth.Answer refused(String field, Object value) {
        Map<String, Object> spec = new TreeMap<>(Map.of("port", FreePorts.take(), "command", "exec sleep 1000"));
        spec.put(field, value);
        return berth.put("bad", spec);
    }

    private static void assertRefused(Berth.Answer answer, String reason) {
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().path("errors").findValuesAsText("message"))
                .anyMatch(message -> message.contains(reason));
    }

    private static Map<String, Object> on(String other) {
        return Map.of("port", FreePorts.take(), "command", "exec sleep 1000", "dependsOn", List.of(other));
    }
}
