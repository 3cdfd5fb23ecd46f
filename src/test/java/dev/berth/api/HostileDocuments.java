package dev.berth.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Bodies of requests: what the call wants, wrong in no, one or a few places, so that most get past what only looks at the form;
 * anything at all; and what is no document.
 */
final class HostileDocuments {
    private static final List<String> FIELDS = List.of(
            "port",
            "alternativePorts",
            "portRange",
            "host",
            "protocol",
            "processPatterns",
            "command",
            "workingDirectory",
            "environment",
            "healthCheck",
            "dependsOn",
            "strategy",
            "critical",
            "autoRestart",
            "maxRestarts",
            "gracePeriod",
            "replicas",
            "labels",
            "kind",
            "apiVersion",
            "metadata",
            "spec",
            "services",
            "reservations",
            "settings",
            "stack",
            "holder",
            "count",
            "ttl",
            "pid",
            "name",
            "names",
            "scope",
            "action",
            "running",
            "__proto__",
            "",
            "ä",
            "port ");

    private static final List<String> IMPORTED = List.of(
            "web: node app.js --port 3000\nworker: ./w ${PORT:-4000}\nrelease: x\n",
            "services:\n  db:\n    image: postgres:16\n    ports: ['127.0.0.1:5433:5432', 80]\n  web:\n    build: .\n",
            "# ports\nexport API_PORT=8000\nDB_PORT='5432'\nA=\"b$c ${d:-e}\"\n");

    /** A part in how many is wrong. */
    private static final List<Integer> ERRORS = List.of(4, 10, 20, 1_000);

    private final Random random;
    private final List<Integer> ports;

    HostileDocuments(Random random, List<Integer> ports) {
        this.random = random;
        this.ports = ports;
    }

    /** What a setting is set to holds for every other test of this program, and a file may set some. */
    boolean changesEverything(String path) {
        return path.startsWith("/settings") || path.startsWith("/apply");
    }

    byte[] body(String method, String path) {
        String call = path.replace("/namespaces/{namespace}", "");
        if (method.equals("GET") || method.equals("DELETE")) {
            return chance(20) ? broken() : new byte[0];
        }
        if (chance(12)) {
            return broken();
        }
        if (chance(12)) {
            return bytes(value(0));
        }
        if (call.equals("/import")) {
            return bytes(broken(pick(IMPORTED)));
        }
        return wanted(method, call)
                .map(document -> bytes(written(document, pick(ERRORS), 0)))
                .orElse(new byte[0]);
    }

    /** Of a call that wants none, empty. */
    private Optional<Object> wanted(String method, String call) {
        return switch (call) {
            case "/services/{name}" -> Optional.of(spec());
            case "/apply" -> Optional.of(file());
            case "/settings" -> Optional.of(settings());
            case "/reservations" -> Optional.of(reservation());
            case "/reservations/{port}" -> Optional.of(some(Map.of("holder", "fuzz", "ttl", "10s", "pid", 1)));
            case "/reservations/{port}/claim" -> Optional.of(some(Map.of("pid", 1)));
            case "/tokens" ->
                Optional.of(Map.of(
                        "name", "fuzz" + random.nextInt(5), "scope", pick(List.of("read", "manage")), "ttl", "10s"));
            default -> chance(8) && !method.equals("GET") ? Optional.of(Map.of()) : Optional.empty();
        };
    }

    private Map<String, Object> spec() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("port", pick(ports));
        all.put("alternativePorts", List.of(ports.get(1), ports.get(2)));
        all.put("portRange", ports.get(0) + "-" + ports.get(0));
        all.put("host", pick(List.of("127.0.0.1", "localhost", "::1")));
        all.put("protocol", pick(List.of("tcp", "udp")));
        all.put("processPatterns", List.of(pick(List.of("a.*b", "(a+)+$", "[", "c++"))));
        all.put("command", pick(List.of("true", List.of("true", "{port}"), "sleep 0")));
        all.put("workingDirectory", "/");
        all.put("environment", Map.of("A", "{port}", "B", 1));
        all.put("healthCheck", pick(List.of("http://127.0.0.1:{port}/", Map.of("type", "tcp", "interval", "10s"))));
        all.put("dependsOn", pick(List.of(List.of("fuzz"), List.of("a"), Map.of("fuzz", "ready"))));
        all.put("strategy", pick(List.of("conservative", "aggressive", "balanced")));
        all.put("critical", chance(2));
        all.put("autoRestart", chance(2));
        all.put("maxRestarts", 1);
        all.put("gracePeriod", "1s");
        all.put("replicas", 1 + random.nextInt(3));
        all.put("labels", Map.of("a", "b"));
        return some(all);
    }

    private Map<String, Object> file() {
        Map<String, Object> service =
                Map.of("kind", "Service", "metadata", Map.of("name", "a", "namespace", "fuzz"), "spec", spec());
        Map<String, Object> stack = new LinkedHashMap<>();
        stack.put("stack", "fuzz");
        stack.put("namespace", "fuzz");
        stack.put("services", Map.of("a", spec(), "b", spec()));
        stack.put("reservations", List.of(reservation()));
        stack.put("settings", settings());
        return pick(List.of(service, Map.of("kind", "List", "items", List.of(service)), some(stack), stack));
    }

    private Map<String, Object> settings() {
        return some(Map.of(
                "logs.files",
                7,
                "confirm",
                List.of("terminate"),
                "limits",
                Map.of("requestTime", "10s"),
                "strategy",
                "conservative"));
    }

    private Map<String, Object> reservation() {
        int port = pick(ports);
        return chance(3)
                ? Map.of("holder", "fuzz", "portRange", port + "-" + port, "count", 1, "ttl", "10s")
                : Map.of("holder", "fuzz", "port", port, "protocol", pick(List.of("tcp", "udp")), "ttl", "10s");
    }

    /** Some of the fields: all of them together contradict each other, or hide what one does. */
    private Map<String, Object> some(Map<String, Object> fields) {
        Map<String, Object> some = new TreeMap<>(fields);
        int most = 1 + random.nextInt(4);
        List<String> names = new ArrayList<>(some.keySet());
        Collections.shuffle(names, random);
        some.keySet().retainAll(names.subList(0, Math.min(most, names.size())));
        return some;
    }

    /** @param error one part in so many is replaced by something else */
    private String written(Object part, int error, int depth) {
        if (chance(error)) {
            return value(Math.min(3, depth + 1));
        } else if (part instanceof Map<?, ?> map) {
            // In the same order in every run: a seed says what is sent.
            List<String> entries = new ArrayList<>();
            new TreeMap<Object, Object>(map)
                    .forEach((name, each) -> entries.add("\"" + (chance(4 * error) ? pick(FIELDS) : name) + "\": "
                            + written(each, error, depth + 1)));
            return "{" + String.join(", ", entries) + "}";
        } else if (part instanceof List<?> list) {
            return list.stream()
                    .map(each -> written(each, error, depth + 1))
                    .toList()
                    .toString();
        }
        return part instanceof String text ? '"' + text + '"' : String.valueOf(part);
    }

    /** Something is put in, or left out. */
    private String broken(String text) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + random.nextInt(4));
        return chance(3)
                ? text
                : text.substring(0, at)
                        + pick(List.of("", ":", "\n", "\"", "'", "$", "{", "[", " ", "\0", "99999999", "💥", "&a *a"))
                        + text.substring(end);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Nothing that could be read as a document. */
    private byte[] broken() {
        return switch (random.nextInt(8)) {
            case 0 -> "[".repeat(1 + random.nextInt(50_000)).getBytes(StandardCharsets.UTF_8);
            case 1 -> "{\"a\":".repeat(1 + random.nextInt(20_000)).getBytes(StandardCharsets.UTF_8);
            case 2 -> new byte[] {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', ':', '1', '}'};
            case 3 -> "a: &a [*a, *a]\nb: [*a".getBytes(StandardCharsets.UTF_8);
            case 4 -> "{\"port\": 1, \"port\": 2}".getBytes(StandardCharsets.UTF_8);
            case 5 -> "!!javax.script.ScriptEngineManager [x".getBytes(StandardCharsets.UTF_8);
            case 6 -> "{\"nothingOfOurs\": 1}".getBytes(StandardCharsets.UTF_8);
            default -> {
                byte[] noise = new byte[1 + random.nextInt(2000)];
                random.nextBytes(noise);
                yield noise;
            }
        };
    }

    private String value(int depth) {
        int kind = depth == 0 ? 6 : depth > 4 ? random.nextInt(5) : random.nextInt(8);
        return switch (kind) {
            case 0 -> String.valueOf(chance(2) ? pick(ports) : pick(List.of(0, -1, 65536, Integer.MAX_VALUE)));
            case 1 -> pick(List.of("null", "true", "false", "-0", "1e400", "0.1", "1" + "0".repeat(400)));
            case 2 ->
                '"'
                        + pick(List.of(
                                "true",
                                "a",
                                "",
                                "10s",
                                "-1s",
                                "tcp",
                                "127.0.0.1",
                                "0.0.0.0",
                                "::1",
                                "conservative",
                                "(a+)+$",
                                "[",
                                "{port}",
                                "{services.x.port}",
                                "\\u0000",
                                "\\ud800",
                                "💥",
                                "\\u202e",
                                "x".repeat(5000),
                                "../../etc/passwd",
                                "Service"))
                        + '"';
            case 3, 4 -> '"' + pick(List.of("true", "sleep 0", "a", "fuzz")) + '"';
            case 5 ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(each -> value(depth + 1))
                        .toList()
                        .toString();
            default -> {
                List<String> entries = IntStream.range(0, 1 + random.nextInt(5))
                        .mapToObj(each -> '"' + pick(FIELDS) + "\": " + value(depth + 1))
                        .toList();
                yield '{' + String.join(", ", entries) + '}';
            }
        };
    }

    /** Once in so many. */
    private boolean chance(int times) {
        return random.nextInt(times) == 0;
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
