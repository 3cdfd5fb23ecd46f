package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One daemon of the test's own, on a data directory and a port of its own. */
final class Berth implements AutoCloseable {
    /** Generous: two noisy cores, several JVMs starting at once. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Path COMMAND_LINE = Path.of("deploy/bin/berth");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final Map<String, String> environment;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private List<String> arguments = List.of();
    private boolean asUsersDo;
    private List<String> prefix = List.of();
    private Process process;
    private String base;

    /** @param warnings the texts of its Warning headers */
    record Answer(int status, JsonNode body, List<String> warnings) {}

    private Berth(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = new TreeMap<>(environment);
    }

    static Berth start(Path directory) {
        return start(directory, Map.of());
    }

    static Berth start(Path directory, Map<String, String> environment, String... arguments) {
        Berth berth = new Berth(directory, environment);
        berth.arguments = List.of(arguments);
        berth.launch();
        return berth;
    }

    /**
     * Starts it by {@code berth serve}, with the JVM's flags and the class-data archive that users get. It takes longer the
     * first time: the archive is made.
     */
    static Berth startAsUsersDo(Path directory) {
        Berth berth = new Berth(directory, Map.of("JAVA_HOME", System.getProperty("java.home")));
        berth.asUsersDo = true;
        berth.launch();
        return berth;
    }

    /** Starts it through another program, which becomes the daemon, such as {@code unshare --mount}. */
    static Berth startThrough(List<String> prefix, Path directory, Map<String, String> environment) {
        Berth berth = new Berth(directory, environment);
        berth.prefix = List.copyOf(prefix);
        berth.launch();
        return berth;
    }

    /** Starts the daemon (again) on the same data directory and waits until it says that it is started. */
    void launch() {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(asUsersDo ? List.of(COMMAND_LINE.toAbsolutePath().toString(), "serve") : program());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("BERTH_") || name.equals("PORT"));
        builder.environment().put("BERTH_DATA_DIR", directory.resolve("data").toString());
        builder.environment().put("BERTH_HTTP_PORT", "0");
        builder.environment().putAll(environment);
        File log = directory.resolve("daemon.log").toFile();
        try {
            Files.deleteIfExists(directory.resolve("data").resolve("endpoint"));
            process = builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Awaitility.await("the daemon writes where it listens").atMost(PATIENCE).until(() -> {
            assertThat(process.isAlive())
                    .as(() -> "the daemon lives; its log:\n" + read(log.toPath()))
                    .isTrue();
            return Files.exists(directory.resolve("data").resolve("endpoint"));
        });
        base = read(directory.resolve("data").resolve("endpoint"))
                .lines()
                .findFirst()
                .orElseThrow();
        Awaitility.await("the daemon is started")
                .atMost(PATIENCE)
                .until(() -> get("/q/health/started").status() == 200);
    }

    private static List<String> program() {
        String runner = System.getProperty("berth.runner");
        assertThat(runner)
                .as("the packaged program (system property berth.runner)")
                .isNotNull();
        return List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-jar",
                runner);
    }

    String base() {
        return base;
    }

    long pid() {
        return process.pid();
    }

    /** Ends it without any chance to tidy up. */
    void killNine() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Asks it to end, as init and container runtimes do, and returns how long it took. */
    Duration terminate() {
        long asked = System.nanoTime();
        process.destroy();
        Awaitility.await("the daemon ends on SIGTERM").atMost(PATIENCE).until(() -> !process.isAlive());
        return Duration.ofNanos(System.nanoTime() - asked);
    }

    /** Changes how the next {@link #launch} is configured. */
    void configure(String variable, String value) {
        environment.put(variable, value);
    }

    /** What all daemons of this test have logged. */
    String log() {
        return read(directory.resolve("daemon.log"));
    }

    /** What it calls itself on this data directory, also in the marker of what it starts. */
    String installation() {
        return read(directory.resolve("data").resolve("installation")).strip();
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET());
    }

    Answer put(String path, String json) {
        return send(withJson(path).PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    Answer post(String path) {
        return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.noBody()));
    }

    Answer post(String path, String json) {
        return send(withJson(path).POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** The same key asks for the same thing once. */
    Answer postOnce(String path, String key) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    Answer patch(String path, String json) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
    }

    Answer delete(String path) {
        return send(HttpRequest.newBuilder(uri(path)).DELETE());
    }

    private HttpRequest.Builder withJson(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Content-Type", "application/json");
    }

    private URI uri(String path) {
        return URI.create(base + path);
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = http.send(
                    request.timeout(PATIENCE)
                            .header("Accept", "application/json")
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(),
                    JSON.readTree(response.body()),
                    response.headers().allValues("Warning"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Waits until the newest conflict of a service is closed, and returns it. */
    JsonNode settledConflict(String service) {
        Awaitility.await("the conflict of " + service + " is settled")
                .atMost(PATIENCE)
                .until(() -> {
                    JsonNode items = get("/conflicts?service=" + service).body().path("items");
                    return !items.isEmpty()
                            && !List.of("Detected", "Resolving")
                                    .contains(items.get(0).path("state").asText());
                });
        return get("/conflicts?service=" + service).body().path("items").get(0);
    }

    /** The records about one conflict, oldest first. */
    List<JsonNode> auditOf(String service, String conflict) {
        List<JsonNode> records = new ArrayList<>();
        get("/audit?service=" + service + "&limit=500").body().path("items").forEach(record -> {
            if (record.path("conflict").asText().equals(conflict)) {
                records.add(0, record);
            }
        });
        return records;
    }

    /** Every record, oldest first; {@code filter} such as {@code &service=web}. */
    List<JsonNode> audit(String filter) {
        List<JsonNode> records = new ArrayList<>();
        JsonNode page = get("/audit?limit=500" + filter).body().path("items");
        while (!page.isEmpty()) {
            page.forEach(records::add);
            long last = records.get(records.size() - 1).path("seq").asLong();
            page = get("/audit?limit=500" + filter + "&before=" + last).body().path("items");
        }
        Collections.reverse(records);
        return records;
    }

    void assertAuditIsWhole() {
        JsonNode verification = get("/audit/verify").body();
        assertThat(verification.path("valid").asBoolean())
                .as(verification.toString())
                .isTrue();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        process.onExit().join();
    }
}
