package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.Ports;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how to tell that a service works: a URL, or a map with one of the kinds and its thresholds. */
final class HealthCheckReader {
    private static final Pattern STATUSES = Pattern.compile("[1-5]\\d\\d(-[1-5]\\d\\d)?(,[1-5]\\d\\d(-[1-5]\\d\\d)?)*");
    private static final Pattern ENDPOINT = Pattern.compile("(?:([^/\\s]+):)?(\\d{1,5})");

    private final SpecRules rules;

    HealthCheckReader(SpecRules rules) {
        this.rules = rules;
    }

    Optional<HealthCheckSpec> read(Fields fields) {
        return fields.take("healthCheck", "health_check_url").flatMap(given -> {
            if (given.node().isTextual()) {
                return target(fields, given, "http").map(HealthCheckSpec::http);
            }
            if (given.node().isObject() && !given.path().endsWith("health_check_url")) {
                return detailed(Fields.of(given.node(), given.path(), "a health check", fields.faults()), given);
            }
            fields.faults()
                    .add(given.path(), "a health check is a URL, or a map with http, tcp or command", given.node());
            return Optional.empty();
        });
    }

    private Optional<HealthCheckSpec> detailed(Fields fields, Fields.Given whole) {
        List<String> kinds = rules.healthChecks().stream().sorted().toList();
        List<String> named = kinds.stream().filter(fields::has).toList();
        Optional<String> target = Optional.empty();
        for (String kind : kinds) {
            Optional<Fields.Given> given = fields.take(kind);
            if (given.isPresent()) {
                target = target(fields, given.get(), kind);
            }
        }
        if (named.size() != 1) {
            fields.faults()
                    .add(
                            whole.path(),
                            "exactly one of " + String.join(", ", new TreeSet<>(kinds)) + " is wanted",
                            named.isEmpty() ? "none" : String.join(", ", named));
        }
        Optional<Duration> interval = interval(fields, "interval");
        Duration timeout = interval(fields, "timeout").orElse(HealthCheckSpec.DEFAULT_TIMEOUT);
        Duration startPeriod = fields.duration("startPeriod", Duration.ZERO, SpecLimits.LONGEST_INTERVAL)
                .orElse(HealthCheckSpec.DEFAULT_START_PERIOD);
        int failures = fields.number("failures", 1, SpecLimits.CHECK_COUNT).orElse(HealthCheckSpec.DEFAULT_FAILURES);
        int successes = fields.number("successes", 1, SpecLimits.CHECK_COUNT).orElse(HealthCheckSpec.DEFAULT_SUCCESSES);
        Optional<String> expectStatus = fields.take("expectStatus").flatMap(given -> statuses(fields, given));
        Optional<String> expectBody = fields.text("expectBody", SpecLimits.PATTERN_LENGTH);
        if (named.size() == 1 && !named.get(0).equals("http")) {
            expectStatus.ifPresent(status -> onlyHttp(fields, whole, "expectStatus", status));
            expectBody.ifPresent(body -> onlyHttp(fields, whole, "expectBody", body));
        }
        fields.end();
        return target.filter(known -> named.size() == 1)
                .map(known -> new HealthCheckSpec(
                        named.get(0),
                        known,
                        interval,
                        timeout,
                        startPeriod,
                        failures,
                        successes,
                        expectStatus,
                        expectBody));
    }

    private static void onlyHttp(Fields fields, Fields.Given whole, String field, String given) {
        fields.faults().add(Document.member(whole.path(), field), "only an http check has this", given);
    }

    private static Optional<Duration> interval(Fields fields, String name) {
        return fields.duration(name, SpecLimits.SHORTEST_INTERVAL, SpecLimits.LONGEST_INTERVAL);
    }

    private static Optional<String> target(Fields fields, Fields.Given given, String kind) {
        if (given.node().isTextual()
                && !TemplateText.fits(fields, given, given.node().textValue())) {
            return Optional.empty();
        }
        return switch (kind) {
            case "http" -> fields.text(given, SpecLimits.URL_LENGTH).filter(url -> isUrl(fields, given, url));
            case "tcp" -> endpoint(fields, given);
            default -> fields.text(given, SpecLimits.ARGUMENT_LENGTH);
        };
    }

    private static boolean isUrl(Fields fields, Fields.Given given, String url) {
        try {
            URI parsed = new URI(TemplateText.sample(url));
            boolean http = "http".equalsIgnoreCase(parsed.getScheme()) || "https".equalsIgnoreCase(parsed.getScheme());
            if (http && parsed.getHost() != null && (parsed.getPort() == -1 || Ports.isValid(parsed.getPort()))) {
                return true;
            }
        } catch (URISyntaxException notOne) {
            fields.faults().add(given.path(), "not a URL: " + notOne.getReason() + TemplateText.hint(url), url);
            return false;
        }
        fields.faults().add(given.path(), "a URL such as http://localhost:{port}/ is wanted, with http or https", url);
        return false;
    }

    /** {@code 8000}, {@code {port}} or {@code 127.0.0.1:{port}}. */
    private static Optional<String> endpoint(Fields fields, Fields.Given given) {
        JsonNode node = given.node();
        if (node.isTextual() || node.isIntegralNumber()) {
            String text = node.asText();
            Matcher parts = ENDPOINT.matcher(TemplateText.sample(text));
            if (text.length() <= SpecLimits.URL_LENGTH
                    && parts.matches()
                    && Ports.isValid(Long.parseLong(parts.group(2)))) {
                return Optional.of(text);
            }
        }
        fields.faults().add(given.path(), "a port or host:port is wanted, such as 127.0.0.1:{port}", node);
        return Optional.empty();
    }

    private static Optional<String> statuses(Fields fields, Fields.Given given) {
        String text = given.node().asText().replace(" ", "");
        if ((given.node().isTextual() || given.node().isIntegralNumber())
                && text.length() <= SpecLimits.PATTERN_LENGTH
                && STATUSES.matcher(text).matches()) {
            return Optional.of(text);
        }
        fields.faults().add(given.path(), "HTTP statuses such as 200, 200-399 or 200,404 are wanted", given.node());
        return Optional.empty();
    }
}
