package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.Children;
import dev.berth.testing.FreePorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Freeing a port on request: the same path, the same protection. */
class FreePortIT {
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
    void endsTheHolderAndAnswersWhenThePortIsFree() throws Exception {
        int port = FreePorts.take();
        Process holder =
                children.startReady(Holder.command(Integer.toString(port))).process();
        Berth.Answer dry = berth.post("/ports/" + port + "/free?dryRun=true");
        assertThat(dry.status()).isEqualTo(200);
        assertThat(dry.body().toString()).contains(Long.toString(holder.pid()));
        assertThat(holder.isAlive()).as("a dry run touches nothing").isTrue();

        Berth.Answer answer = berth.post("/ports/" + port + "/free?grace=5s");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(holder.onExit().get().isAlive()).isFalse();
        assertThat(berth.post("/ports/" + port + "/free").status())
                .as("free already")
                .isEqualTo(200);
        berth.assertAuditIsWhole();
    }

    @Test
    void forceSkipsSigterm() throws Exception {
        int port = FreePorts.take();
        Process holder = children.startReady(Holder.command(Integer.toString(port), "stubborn"))
                .process();
        assertThat(berth.post("/ports/" + port + "/free?force=true&grace=30s").status())
                .isEqualTo(200);
        assertThat(holder.onExit().get().isAlive()).isFalse();
    }

    @Test
    void refusesToEndWhatItRunsUnder() {
        // The test's JVM is an ancestor of the daemon: protected, whatever is asked.
        try (var server = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Berth.Answer answer = berth.post("/ports/" + server.getLocalPort() + "/free?force=true");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body().toString()).contains("ancestor");
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void refusesToEndItselfAndSaysWhoItIs() throws Exception {
        int own = URI.create(berth.base()).getPort();
        Berth.Answer answer = berth.post("/ports/" + own + "/free?force=true");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body().path("detail").asText()).contains("berth");
        assertThat(berth.get("/q/health/live").status()).isEqualTo(200);
        assertThat(berth.get("/ports/" + own).body().path("explanation").asText())
                .contains("is held by Berth itself: Berth (pid " + berth.pid());
        String table = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(berth.base() + "/ports"))
                                .header("Accept", "text/plain")
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(table.lines().filter(line -> line.startsWith(own + " ")))
                .singleElement()
                .asString()
                .contains("Berth: ");
    }

    @Test
    void refusesToEndAnotherBerth(@TempDir Path elsewhere) {
        try (Berth other = Berth.start(elsewhere)) {
            int port = URI.create(other.base()).getPort();
            Berth.Answer answer = berth.post("/ports/" + port + "/free?force=true");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body().path("detail").asText()).contains("another Berth", "berth down");
            assertThat(other.get("/q/health/live").status()).isEqualTo(200);
            assertThat(berth.get("/ports/" + port).body().path("explanation").asText())
                    .contains("is held by another Berth: Berth (pid " + other.pid());
        }
    }

    @Test
    void tellsWhoHoldsAPort() throws Exception {
        int port = FreePorts.take();
        Process holder =
                children.startReady(Holder.command(Integer.toString(port))).process();
        JsonNode told = berth.get("/ports/" + port).body();
        assertThat(told.path("holders").toString()).contains(Long.toString(holder.pid()));
        assertThat(told.path("explanation").asText()).isNotBlank();
        assertThat(berth.get("/ports").body().path("items").toString()).contains(Integer.toString(port));
    }
}
