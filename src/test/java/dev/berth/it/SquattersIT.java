package dev.berth.it;

import static dev.berth.it.Supervised.condition;
import static dev.berth.it.Supervised.listener;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.Children;
import dev.berth.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Strangers on the ports of services that Berth runs, at the worst moments: a conflict each, and never a crash. */
class SquattersIT {
    @TempDir
    static Path directory;

    private static Supervised berth;
    private final Children children = new Children();

    @BeforeAll
    static void start() {
        berth = Supervised.start(directory);
    }

    @AfterAll
    static void close() {
        berth.close();
    }

    @AfterEach
    void endAll() {
        children.close();
        berth.deleteAll();
    }

    /** It is told its port, and when it binds that somebody has been quicker. */
    @Test
    void aPortThatIsTakenBetweenAssignmentAndBindIsNoCrash() throws IOException {
        List<Integer> ports = FreePorts.take(2);
        Path go = directory.resolve("go");
        berth.declare(
                "slow",
                Map.of(
                        "port",
                        ports.get(0),
                        "alternativePorts",
                        List.of(ports.get(1)),
                        "strategy",
                        "conservative",
                        "maxRestarts",
                        0,
                        // What runtimes say, said without the tenths of a second that they need to start.
                        "command",
                        "while [ ! -e " + go + " ]; do sleep 0.01; done; [ $PORT = " + ports.get(1)
                                + " ] || { echo \"listen EADDRINUSE: address already in use :::$PORT\" >&2;"
                                + " exit 1; }; exec " + listener("{port}")));
        berth.awaitPid("slow");
        children.startReady(Holder.command(ports.get(0).toString()));
        Files.createFile(go);
        JsonNode running = berth.await("slow", "Running");
        assertThat(running.path("restarts").asInt()).isZero();
        assertThat(running.path("port").asInt()).isEqualTo(ports.get(1));
        assertOneConflict("slow", ports.get(0));
    }

    @Test
    void aPortThatIsTakenWhileTheServiceIsDownIsFreedWhenTheStrategySaysSo() throws IOException {
        int port = FreePorts.take();
        Path go = directory.resolve("mended");
        berth.declare(
                "unlucky",
                Map.of(
                        "port",
                        port,
                        "strategy",
                        "aggressive",
                        "gracePeriod",
                        "2s",
                        "maxRestarts",
                        50,
                        "command",
                        "[ -e " + go + " ] || exit 1; exec " + listener("{port}")));
        berth.awaitThat(
                "unlucky",
                "it waits between restarts",
                status -> condition(status, "Started").path("reason").asText().equals("BackOff"));
        Process stranger =
                children.startReady(Holder.command(Integer.toString(port))).process();
        Files.createFile(go);
        JsonNode running = berth.await("unlucky", "Running");
        assertThat(running.path("port").asInt()).isEqualTo(port);
        assertThat(Processes.isAlive(stranger.pid())).isFalse();
        assertOneConflict("unlucky", port);
    }

    /** The check would pass: whoever answers it is a stranger. */
    @Test
    void whatAStrangerAnswersMakesNoServiceReady() throws Exception {
        List<Integer> ports = FreePorts.take(2);
        berth.declare(
                "silent",
                Map.of(
                        "port", ports.get(0),
                        "alternativePorts", List.of(ports.get(1)),
                        "strategy", "conservative",
                        "command", "exec sleep 1000",
                        "healthCheck", Map.of("http", "http://127.0.0.1:" + ports.get(0) + "/", "interval", "100ms")));
        berth.awaitPid("silent");
        children.startReady(Holder.command(ports.get(0).toString(), "http"));
        JsonNode moved = berth.awaitThat(
                "silent",
                "it runs where it was moved to",
                status -> status.path("port").asInt() == ports.get(1) && status.has("pid"));
        assertThat(condition(moved, "Ready").path("status").asText()).isEqualTo("False");
        // The stranger goes on answering the check, and the service is still not ready when it says why.
        JsonNode status = berth.awaitThat(
                "silent",
                "it is known not to listen",
                each -> condition(each, "Ready").path("message").asText().contains("listen"));
        assertThat(condition(status, "Ready").path("status").asText()).isEqualTo("False");
    }

    @Test
    void oneThatListensElsewhereIsToldWhere() {
        List<Integer> ports = FreePorts.take(2);
        berth.declare(
                "stray",
                Map.of(
                        "port",
                        ports.get(0),
                        "command",
                        "exec " + listener(ports.get(1).toString())));
        JsonNode status = berth.awaitThat(
                "stray",
                "it has drifted",
                each -> condition(each, "PortDrifted").path("status").asText().equals("True"));
        assertThat(condition(status, "PortDrifted").path("message").asText())
                .contains(ports.get(0).toString(), ports.get(1).toString(), "{port}");
        assertThat(condition(status, "Ready").path("reason").asText()).isEqualTo("PortDrifted");
    }

    private static void assertOneConflict(String service, int port) {
        JsonNode conflict = berth.berth().settledConflict(service);
        assertThat(conflict.path("state").asText()).isEqualTo("Resolved");
        assertThat(conflict.path("port").asInt()).isEqualTo(port);
        assertThat(berth.berth().get("/conflicts?service=" + service).body().path("items"))
                .hasSize(1);
    }
}
