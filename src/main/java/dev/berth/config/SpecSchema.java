package dev.berth.config;

import static dev.berth.config.SchemaParts.any;
import static dev.berth.config.SchemaParts.duration;
import static dev.berth.config.SchemaParts.field;
import static dev.berth.config.SchemaParts.flag;
import static dev.berth.config.SchemaParts.list;
import static dev.berth.config.SchemaParts.map;
import static dev.berth.config.SchemaParts.notBoth;
import static dev.berth.config.SchemaParts.number;
import static dev.berth.config.SchemaParts.object;
import static dev.berth.config.SchemaParts.port;
import static dev.berth.config.SchemaParts.ref;
import static dev.berth.config.SchemaParts.scalar;
import static dev.berth.config.SchemaParts.text;
import static dev.berth.config.SchemaParts.type;
import static dev.berth.config.SchemaParts.words;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.ServiceSpec;
import java.util.List;

/** The JSON Schema of what is wanted of a service: what {@link SpecReader} reads, with its limits. */
final class SpecSchema {
    private static final String RANGE = "^\\s*[0-9]{1,5}\\s*-\\s*[0-9]{1,5}\\s*$";

    private final SpecRules rules;

    SpecSchema(SpecRules rules) {
        this.rules = rules;
    }

    /** @param alone labels and annotations may stand among the fields */
    ObjectNode spec(boolean alone) {
        ObjectNode spec = object("What is wanted of a service");
        ports(spec);
        process(spec);
        behaviour(spec);
        if (alone) {
            field(spec, "name", text("The service's name again; it may be left out", 63));
            field(spec, "labels", labels());
            field(spec, "annotations", annotations());
        }
        SpecReader.TWINS.entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(twin -> {
                    ObjectNode ours = (ObjectNode) spec.path("properties").path(twin.getValue());
                    ObjectNode theirs = twin.getKey().equals("health_check_url") ? url() : ours.deepCopy();
                    theirs.put("description", "The older spelling of " + twin.getValue());
                    field(spec, twin.getKey(), theirs);
                    notBoth(spec, twin.getValue(), twin.getKey());
                });
        return spec;
    }

    private static void ports(ObjectNode spec) {
        field(spec, "port", port("The preferred port; without one, any from portRange or the default range"));
        field(
                spec,
                "alternativePorts",
                list(
                                "Ports to take when the preferred one can't be had, in order",
                                SpecLimits.ALTERNATIVES,
                                port("A port"))
                        .put("uniqueItems", true));
        field(spec, "portRange", range("Ports to draw from"));
        field(
                spec,
                "host",
                type("string", "The address to listen on; 127.0.0.1 unless it is said")
                        .put("default", ServiceSpec.DEFAULT_HOST));
        field(spec, "protocol", protocol());
        field(
                spec,
                "replicas",
                number("How many instances, with a port each", 1, SpecLimits.REPLICAS)
                        .put("default", 1));
    }

    private static void process(ObjectNode spec) {
        field(
                spec,
                "processPatterns",
                list(
                        "Regular expressions on the command line: by these a process is known as this service's own",
                        SpecLimits.PATTERNS,
                        text("A regular expression", SpecLimits.PATTERN_LENGTH)));
        field(
                spec,
                "command",
                command("What Berth runs; without it Berth only guards the port. A text is for the shell, a list"
                        + " is taken as it is. {port} and {services.NAME.port} are replaced"));
        field(spec, "install", command("What prepares dependencies, run before the first start"));
        field(
                spec,
                "workingDirectory",
                text("Where the command runs; seen from the file. ~ and ${VAR} are expanded", SpecLimits.PATH_LENGTH));
        ObjectNode environment = map("Variables of the command", SpecLimits.ENVIRONMENT, scalar("A value"));
        environment.putObject("propertyNames").put("pattern", "^[A-Za-z_][A-Za-z0-9_]{0,254}$");
        field(spec, "environment", environment);
        field(spec, "envFile", text("A file of variables (.env); seen from the file", SpecLimits.PATH_LENGTH));
    }

    private void behaviour(ObjectNode spec) {
        field(spec, "healthCheck", any("How to tell that it works: a URL, or a map", url(), healthCheck()));
        field(
                spec,
                "dependsOn",
                list("What must run before it", SpecLimits.DEPENDENCIES, any("A service", name(), dependency())));
        field(
                spec,
                "strategy",
                any(
                        "How conflicts over its port are settled",
                        words("Built in", SpecRules.BUILT_IN.strategies()),
                        text("A plugin's name", 63)));
        field(spec, "running", flag("Whether it is to run", true));
        field(spec, "critical", flag("Whether Berth is not ready while it is down", false));
        field(spec, "autoRestart", flag("Whether it is started again when it ends", true));
        field(
                spec,
                "maxRestarts",
                number("How often it is started again in a row", 0, SpecLimits.RESTARTS)
                        .put("default", ServiceSpec.DEFAULT_MAX_RESTARTS));
        field(
                spec,
                "gracePeriod",
                duration("Between the stop signal and SIGKILL, at most " + Durations.write(SpecLimits.LONGEST_GRACE)));
        field(
                spec,
                "stopSignal",
                words("The signal that ends it", SpecReader.STOP_SIGNALS).put("default", "SIGTERM"));
        field(
                spec,
                "returnHome",
                words("When a moved service returns to its preferred port", SpecReader.RETURN_HOME.keySet())
                        .put("default", "onRestart"));
    }

    private ObjectNode healthCheck() {
        ObjectNode check = object("A health check");
        rules.healthChecks().stream().sorted().forEach(kind -> {
            switch (kind) {
                case "http" -> field(check, kind, url());
                case "tcp" -> {
                    ObjectNode endpoint = scalar("A port or host:port that must take connections");
                    endpoint.putArray("type").add("string").add("integer");
                    field(check, kind, endpoint);
                }
                default ->
                    field(check, kind, text("What the check \"" + kind + "\" looks at", SpecLimits.ARGUMENT_LENGTH));
            }
        });
        field(check, "interval", duration("How often; else the setting health.interval"));
        field(
                check,
                "timeout",
                duration("How long an answer may take")
                        .put("default", Durations.write(HealthCheckSpec.DEFAULT_TIMEOUT)));
        field(
                check,
                "startPeriod",
                duration("How long after its start failures say nothing")
                        .put("default", Durations.write(HealthCheckSpec.DEFAULT_START_PERIOD)));
        field(
                check,
                "failures",
                number("How many in a row make it unhealthy", 1, SpecLimits.CHECK_COUNT)
                        .put("default", HealthCheckSpec.DEFAULT_FAILURES));
        field(
                check,
                "successes",
                number("How many in a row make it healthy", 1, SpecLimits.CHECK_COUNT)
                        .put("default", HealthCheckSpec.DEFAULT_SUCCESSES));
        ObjectNode statuses = scalar("HTTP statuses that are well, such as 200-399 or 200,404");
        statuses.putArray("type").add("string").add("integer");
        field(check, "expectStatus", statuses);
        field(check, "expectBody", text("What the body must contain", SpecLimits.PATTERN_LENGTH));
        return check;
    }

    private static ObjectNode dependency() {
        ObjectNode dependency = object("A service, and what of it is waited for");
        field(dependency, "service", name());
        field(
                dependency,
                "condition",
                words("What is waited for", List.of("started", "healthy")).put("default", "healthy"));
        dependency.putArray("required").add("service");
        return dependency;
    }

    private static ObjectNode command(String description) {
        return any(
                description,
                text("For the shell", SpecLimits.ARGUMENT_LENGTH),
                list("Program and arguments", SpecLimits.ARGUMENTS, scalar("An argument"))
                        .put("minItems", 1));
    }

    static ObjectNode range(String description) {
        return type("string", description + ", such as 9000-9100").put("pattern", RANGE);
    }

    static ObjectNode protocol() {
        return words("The protocol", List.of("tcp", "udp")).put("default", "tcp");
    }

    static ObjectNode url() {
        return text("A URL such as http://localhost:{port}/", SpecLimits.URL_LENGTH)
                .put("pattern", "^[hH][tT][tT][pP][sS]?://");
    }

    static ObjectNode name() {
        return type("string", "A name: " + LabelRules.NAME).put("pattern", "^" + SchemaParts.LABEL + "$");
    }

    static ObjectNode labels() {
        return map(
                "Labels, for selectors",
                SpecLimits.LABELS,
                type("string", "A label").put("maxLength", 63));
    }

    static ObjectNode annotations() {
        return map(
                "Annotations",
                SpecLimits.LABELS,
                type("string", "A note").put("maxLength", SpecLimits.ANNOTATION_LENGTH));
    }

    /** A whole object. */
    static ObjectNode whole() {
        ObjectNode service = object("A service as an object");
        field(service, "apiVersion", words("The version of this interface", List.of(ServiceReader.API_VERSION)));
        field(service, "kind", words("What this is", List.of(ServiceReader.KIND)));
        ObjectNode metadata = object("What every object has");
        field(metadata, "name", name());
        field(metadata, "namespace", name());
        field(metadata, "labels", labels());
        field(metadata, "annotations", annotations());
        field(metadata, "resourceVersion", scalar("The version that this was made from"));
        field(metadata, "uid", text("Which service of this name is meant", SpecLimits.PATTERN_LENGTH));
        ServiceReader.SET_BY_BERTH.forEach(name -> metadata.withObjectProperty("properties")
                .putObject(name)
                .put("description", "Set by Berth; taken and left aside"));
        metadata.putArray("required").add("name");
        field(service, "metadata", metadata);
        field(service, "spec", ref("spec"));
        service.withObjectProperty("properties")
                .putObject("status")
                .put("description", "Set by Berth; taken and left aside");
        service.putArray("required").add("kind").add("metadata").add("spec");
        return service;
    }
}
