package dev.berth.api;

import dev.berth.testing.FreePorts;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Requests that no client sends: of the right shape and slightly wrong, or wrong altogether. Ports are free ones of the test's
 * own or none at all, and commands harmless: nothing of the machine is touched, whatever is accepted.
 */
final class HostileRequests {
    /** One call of the document, such as {@code PUT /services/{name}}. */
    record Call(String method, String path, List<String> parameters) {}

    /** @param text for messages, the beginning only */
    record Request(String text, byte[] bytes) {
        @Override
        public String toString() {
            return text;
        }
    }

    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
    private static final List<String> SEGMENTS = List.of(
            "fuzz",
            "a",
            "%00",
            "%2e%2e",
            "..",
            ".",
            "%2F",
            "%5c",
            "%c0%af",
            "%ff",
            "%F0%9F%92%A5",
            "%",
            "%zz",
            "-a",
            "A",
            "a".repeat(64),
            "a".repeat(3000),
            "a%20b",
            "a;b=c",
            "*",
            "0",
            "-1",
            "99999999999999999999",
            "null",
            "%E2%80%AE",
            "~",
            "a@b",
            "'%20or%201=1--",
            "${jndi:ldap:x}");
    private static final List<String> VALUES = List.of(
            "",
            "0",
            "1",
            "-1",
            "1s",
            "true",
            "false",
            "yes",
            "x",
            "9".repeat(30),
            "1e9",
            "%00",
            "%ff",
            "%F0%9F%92%A5",
            "a,b",
            "=",
            "2025-01-01T00:00:00Z",
            "-999999999-01-01T00:00:00Z",
            "999999999d",
            "a".repeat(2000),
            "fuzz/a",
            "/",
            "%2e%2e%2f",
            "JSON",
            "Running",
            "500",
            "501",
            "NaN",
            "0x10",
            "%E2%80%AE");
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
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json",
            "application/yaml",
            "application/merge-patch+json",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=utf-16",
            "garbage",
            "application/json;;;");

    private final Random random;
    private final int port;
    private final List<Call> calls;
    private final List<Integer> ports = FreePorts.take(4);
    private int next;

    HostileRequests(Random random, int port, List<Call> calls) {
        this.random = random;
        this.port = port;
        this.calls = calls;
    }

    /** What the document says there is. */
    static List<Call> calls(JsonPath document) {
        List<Call> calls = new ArrayList<>();
        Map<String, Map<String, Object>> paths = new TreeMap<>(document.<String, Map<String, Object>>getMap("paths"));
        paths.forEach((path, operations) -> operations.forEach((method, operation) -> {
            if (METHODS.contains(method)) {
                List<String> names =
                        new ArrayList<>(List.of("dryRun", "limit", "wait", "follow", "tail", "force", "since"));
                if (operation instanceof Map<?, ?> each && each.get("parameters") instanceof List<?> parameters) {
                    parameters.forEach(one -> names.add(String.valueOf(((Map<?, ?>) one).get("name"))));
                }
                calls.add(new Call(method.toUpperCase(Locale.ROOT), path, List.copyOf(names)));
            }
        }));
        return calls;
    }

    /** Each call in turn, so that none is left out. */
    Request next() {
        Call call = calls.get(next++ % calls.size());
        String method = chance(12)
                ? pick(List.of("PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO", "get"))
                : call.method();
        // What a setting is set to holds for every other test of this program.
        boolean settings = call.path().startsWith("/settings")
                || call.path().startsWith("/apply")
                || call.path().contains("sources");
        byte[] body = method.equals("GET") && !chance(20) ? new byte[0] : settings ? broken() : body();
        StringBuilder head = new StringBuilder(method)
                .append(' ')
                .append(target(call))
                .append(" HTTP/1.1\r\nHost: ")
                .append(chance(30) ? pick(List.of("evil.example", "localhost", "")) : "localhost:" + port)
                .append("\r\nConnection: close\r\n");
        headers(head);
        if (body.length > 0 || chance(4)) {
            head.append("Content-Type: ").append(pick(TYPES)).append("\r\n");
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("\r\n");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        String text = head + new String(body, 0, Math.min(body.length, 500), StandardCharsets.UTF_8);
        return new Request(text.substring(0, Math.min(text.length(), 2000)), all.toByteArray());
    }

    private void headers(StringBuilder head) {
        if (chance(4)) {
            head.append("Accept: ")
                    .append(pick(List.of(
                            "application/json", "text/plain", "application/yaml", "text/html", "*/*;q=x", "a/b", "")))
                    .append("\r\n");
        }
        if (chance(8)) {
            head.append(pick(List.of(
                            "If-Match",
                            "Last-Event-ID",
                            "Idempotency-Key",
                            "Authorization",
                            "Origin",
                            "Accept",
                            "X-Http-Method-Override")))
                    .append(": ")
                    .append(pick(List.of(
                            "\"1\"",
                            "*",
                            "W/\"x\"",
                            "Bearer x",
                            "null",
                            "9".repeat(40),
                            "\u00ff",
                            "DELETE",
                            "a".repeat(4000))))
                    .append("\r\n");
        }
        if (chance(40)) {
            head.append("Content-Type: a/b\r\n");
        }
    }

    private String target(Call call) {
        StringBuilder path = new StringBuilder();
        for (String segment : call.path().substring(1).split("/", -1)) {
            path.append(chance(60) ? "//" : "/");
            if (segment.equals("{port}")) {
                path.append(
                        chance(2)
                                ? String.valueOf(pick(ports))
                                : pick(List.of("0", "-1", "65536", "x", "%00", "80.0", "9".repeat(30))));
            } else if (segment.equals("{namespace}") || segment.equals("{ns}")) {
                path.append(chance(3) ? pick(SEGMENTS) : "fuzz");
            } else if (segment.startsWith("{")) {
                path.append(chance(2) ? pick(SEGMENTS) : "a");
            } else {
                path.append(chance(60) ? pick(SEGMENTS) : segment);
            }
        }
        int queries = chance(2) ? random.nextInt(4) : 0;
        for (int i = 0; i < queries; i++) {
            String name = chance(10) ? pick(SEGMENTS) : pick(call.parameters());
            path.append(i == 0 ? '?' : '&').append(name).append(chance(10) ? "" : "=" + pick(VALUES));
        }
        return path.toString();
    }

    private byte[] body() {
        return chance(4) ? broken() : value(0).getBytes(StandardCharsets.UTF_8);
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
