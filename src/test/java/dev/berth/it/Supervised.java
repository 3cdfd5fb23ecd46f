package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.testing.FreePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A daemon of the test's own that runs services; with it end all processes that it ever started. */
final class Supervised implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Berth berth;

    private Supervised(Berth berth) {
        this.berth = berth;
    }

    static Supervised start(Path directory) {
        return start(directory, Map.of());
    }

    static Supervised start(Path directory, Map<String, String> environment, String... arguments) {
        Map<String, String> all = new TreeMap<>(environment);
        // Who comes back to a port is not what these tests are about, and takes seconds.
        all.put("BERTH_CONFLICTS_RESPAWN_WATCH", "0s");
        return new Supervised(Berth.start(directory, all, arguments));
    }

    Berth berth() {
        return berth;
    }

    Berth.Answer put(String name, Map<String, ?> spec) {
        return berth.put("/services/" + name, json(spec));
    }

    void declare(String name, Map<String, ?> spec) {
        Berth.Answer answer = put(name, spec);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    Berth.Answer apply(String query, Map<String, ?> file) {
        return berth.post("/apply" + query, json(file));
    }

    static String json(Map<String, ?> tree) {
        return JSON.valueToTree(tree).toString();
    }

    List<JsonNode> services() {
        List<JsonNode> items = new ArrayList<>();
        berth.get("/services?limit=500").body().path("items").forEach(items::add);
        return items;
    }

    /** The first process of each service that has one. */
    Map<String, Long> pids() {
        Map<String, Long> pids = new TreeMap<>();
        for (JsonNode service : services()) {
            if (service.path("status").has("pid")) {
                pids.put(
                        service.path("metadata").path("name").asText(),
                        service.path("status").path("pid").asLong());
            }
        }
        return pids;
    }

    JsonNode status(String name) {
        return berth.get("/services/" + name).body().path("status");
    }

    JsonNode await(String name, String state) {
        return awaitThat(
                name, "it is " + state, status -> status.path("state").asText().equals(state));
    }

    JsonNode awaitThat(String name, String what, Predicate<JsonNode> condition) {
        return Awaitility.await(name + ": " + what).atMost(Berth.PATIENCE).until(() -> status(name), condition);
    }

    long awaitPid(String name) {
        return awaitThat(name, "it has a process", status -> status.has("pid"))
                .path("pid")
                .asLong();
    }

    /** Waits until it runs with another process than this one. */
    JsonNode awaitAnother(String name, long before) {
        return awaitThat(
                name,
                "another process than " + before + " runs",
                status -> status.path("state").asText().equals("Running")
                        && status.path("pid").asLong() != before);
    }

    /** Stops it, with nothing left of it and its port free. */
    JsonNode stop(String name) {
        int port = status(name).path("port").asInt();
        assertThat(berth.post("/services/" + name + "/stop").status()).isEqualTo(202);
        JsonNode stopped = await(name, "Stopped");
        assertThat(stopped.has("pid")).isFalse();
        assertThat(processes()).doesNotContainValue("default/" + name);
        assertThat(FreePorts.isFree(port)).isTrue();
        return stopped;
    }

    void awaitDeleted(String name) {
        Awaitility.await(name + " is deleted")
                .atMost(Berth.PATIENCE)
                .until(() -> berth.get("/services/" + name).status() == 404);
    }

    /** Leaves nothing for the next test. */
    void deleteAll() {
        List<String> names = services().stream()
                .map(service -> service.path("metadata").path("name").asText())
                .toList();
        names.forEach(name -> berth.post("/services/" + name + "/stop?force=true"));
        names.forEach(name -> berth.delete("/services/" + name));
        names.forEach(this::awaitDeleted);
        assertThat(processes()).isEmpty();
    }

    static JsonNode condition(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return JSON.missingNode();
    }

    static String message(JsonNode status, String type) {
        return condition(status, type).path("message").asText();
    }

    /** What runs of all that this installation has started: pid and service. */
    Map<Long, String> processes() {
        return Processes.of(berth.installation());
    }

    /** Records of an action and outcome about a service, oldest first, by what they tell in detail. */
    List<String> details(String service, String action, String outcome) {
        return berth.audit("&service=" + service).stream()
                .filter(record -> record.path("action").asText().equals(action)
                        && record.path("outcome").asText().equals(outcome))
                .map(record -> record.path("detail").asText())
                .toList();
    }

    /** What was intended and what was noticed about the services that there are, oldest first: action and service. */
    List<String> events(List<String> actions) {
        Map<Long, String> events = new TreeMap<>();
        for (JsonNode service : services()) {
            String name = service.path("metadata").path("name").asText();
            for (JsonNode record : berth.audit("&service=" + name)) {
                boolean outcome = record.hasNonNull("act")
                        && !record.path("outcome").asText().equals("Intended");
                if (!outcome && actions.contains(record.path("action").asText())) {
                    events.put(
                            record.path("seq").asLong(), record.path("action").asText() + " " + name);
                }
            }
        }
        return List.copyOf(events.values());
    }

    /** The chain is whole, and of everything that was begun it tells once how it came out. */
    void assertAuditIsWhole() {
        List<JsonNode> acts = berth.audit("").stream()
                .filter(record -> record.hasNonNull("act"))
                .toList();
        List<String> intended = acts(acts, true);
        assertThat(intended).doesNotHaveDuplicates();
        assertThat(acts(acts, false)).containsExactlyInAnyOrderElementsOf(intended);
        berth.assertAuditIsWhole();
    }

    private static List<String> acts(List<JsonNode> records, boolean intents) {
        return records.stream()
                .filter(record -> record.path("outcome").asText().equals("Intended") == intents)
                .map(record -> record.path("act").asText())
                .toList();
    }

    /** A command line for a shell that listens on this port, or template. */
    static String listener(String port, String... options) {
        return String.join(" ", Holder.command(port, options));
    }

    @Override
    public void close() {
        berth.close();
        // What a failed test left. By the marker of this very installation, which nobody else has.
        Awaitility.await("nothing is left").atMost(Berth.PATIENCE).until(() -> {
            processes().keySet().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            return processes().isEmpty();
        });
    }
}
