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
import java.util.regex.Pattern;

/**
 * Requests that no client sends: of the right shape and slightly wrong, or wrong altogether. Ports are free ones of the test's
 * own or none at all, and commands harmless: nothing of the machine is touched, whatever is accepted.
 */
final class HostileRequests {
    /**
     * One call of the document, such as {@code PUT /services/{name}}.
     *
     * @param parameters that it may have in its query
     */
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
    private static final List<String> LIKELY =
            List.of("true", "false", "1", "10s", "tcp", "fuzz/a", "a", "1h", "Open", "/tmp");
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
    /** Of bodies that nobody asked for, or can read. */
    private static final List<String> TYPES = List.of(
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=utf-16",
            "garbage",
            "application/json;;;");

    /** What a call's summary tells of its parameters, in brackets at its end. */
    private static final Pattern TOLD = Pattern.compile("\\(([A-Za-z, ]+)\\)");

    private static final List<String> GENERAL = List.of("dryRun", "limit", "wait", "follow", "tail", "force", "since");

    private final Random random;
    private final int port;
    private final List<Call> calls;
    private final List<Integer> ports = FreePorts.take(4);
    private final HostileDocuments documents;
    private int next;

    HostileRequests(Random random, int port, List<Call> calls) {
        this.random = random;
        this.port = port;
        this.calls = calls;
        this.documents = new HostileDocuments(random, ports);
    }

    /** What the document says there is. */
    static List<Call> calls(JsonPath document) {
        List<Call> calls = new ArrayList<>();
        Map<String, Map<String, Object>> paths = new TreeMap<>(document.<String, Map<String, Object>>getMap("paths"));
        paths.forEach((path, operations) -> operations.forEach((method, operation) -> {
            if (METHODS.contains(method)) {
                List<String> names = new ArrayList<>(List.of("dryRun"));
                String summary = operation instanceof Map<?, ?> each ? String.valueOf(each.get("summary")) : "";
                TOLD.matcher(summary)
                        .results()
                        .forEach(told -> names.addAll(List.of(told.group(1).split(",\\s*"))));
                calls.add(new Call(method.toUpperCase(Locale.ROOT), path, List.copyOf(names)));
            }
        }));
        return calls;
    }

    /** Each call in turn, so that none is left out. */
    Request next() {
        Call call = calls.get(next++ % calls.size());
        String method = chance(20)
                ? pick(List.of("PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO", "get"))
                : call.method();
        byte[] body = documents.body(method, call.path());
        StringBuilder head = new StringBuilder(method)
                .append(' ')
                .append(target(call))
                .append(" HTTP/1.1\r\nHost: ")
                .append(chance(40) ? pick(List.of("evil.example", "localhost", "")) : "localhost:" + port)
                .append("\r\nConnection: close\r\n");
        headers(head);
        if (body.length > 0 || chance(8)) {
            head.append("Content-Type: ").append(type(method)).append("\r\n");
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("\r\n");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        String text = head + new String(body, 0, Math.min(body.length, 500), StandardCharsets.UTF_8);
        return new Request(text.substring(0, Math.min(text.length(), 2000)), all.toByteArray());
    }

    private String type(String method) {
        if (chance(12)) {
            return pick(TYPES);
        }
        return method.equals("PATCH") && chance(2)
                ? "application/merge-patch+json"
                : pick(List.of("application/json", "application/yaml"));
    }

    private void headers(StringBuilder head) {
        if (chance(6)) {
            head.append("Accept: ")
                    .append(pick(List.of(
                            "application/json",
                            "text/plain",
                            "application/yaml",
                            "text/html",
                            "*/*;q=x",
                            "a/b",
                            "",
                            "x",
                            ",",
                            "a/b;")))
                    .append("\r\n");
        }
        if (chance(16)) {
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
        if (chance(60)) {
            head.append("Content-Type: a/b\r\n");
        }
    }

    private String target(Call call) {
        StringBuilder path = new StringBuilder();
        for (String segment : call.path().substring(1).split("/", -1)) {
            path.append(chance(100) ? "//" : "/");
            if (segment.equals("{port}")) {
                path.append(
                        chance(3)
                                ? pick(List.of("0", "-1", "65536", "x", "%00", "80.0", "9".repeat(30)))
                                : String.valueOf(pick(ports)));
            } else if (segment.equals("{namespace}")) {
                path.append(chance(6) ? pick(SEGMENTS) : "fuzz");
            } else if (segment.startsWith("{")) {
                path.append(chance(3) ? pick(SEGMENTS) : "a");
            } else {
                path.append(chance(100) ? pick(SEGMENTS) : segment);
            }
        }
        List<String> queries = new ArrayList<>();
        if (documents.changesEverything(call.path())) {
            queries.add("dryRun=true");
        }
        if (call.path().equals("/import") && !chance(6)) {
            queries.add("format=" + pick(List.of("procfile", "compose", "env")));
        }
        int more = chance(2) ? random.nextInt(4) : 0;
        for (int i = 0; i < more; i++) {
            String name = !chance(10) ? pick(call.parameters()) : pick(chance(2) ? SEGMENTS : GENERAL);
            if (queries.stream().noneMatch(each -> each.startsWith(name + "="))) {
                // Who waits for long is answered late, which is no hang.
                String value = name.equals("wait")
                        ? pick(List.of("1s", "0", "x", "-1s", "999999999d"))
                        : chance(2) ? pick(LIKELY) : pick(VALUES);
                queries.add(name + (chance(10) ? "" : "=" + value));
            }
        }
        path.append(queries.isEmpty() ? "" : "?").append(String.join("&", queries));
        return path.toString();
    }

    /** Once in so many. */
    private boolean chance(int times) {
        return random.nextInt(times) == 0;
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
