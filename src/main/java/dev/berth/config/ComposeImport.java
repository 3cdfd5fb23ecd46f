package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a {@code berth.yaml} of a docker-compose file: the ports that it publishes, and the commands of what runs on the
 * machine itself. What comes from an image stays with compose; Berth guards its port.
 */
public final class ComposeImport {
    /** Host address and port, then the container's port, then the protocol; all but one port may be missing. */
    private static final Pattern SHORT = Pattern.compile(
            "(?:(\\[[0-9a-fA-F:]+]|[0-9]+(?:\\.[0-9]+){3}):)?(?:([0-9-]*):)?([0-9]+(?:-[0-9]+)?)(?:/(tcp|udp))?");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Za-z_][A-Za-z0-9_]*(?::?-([^}]*))?}");

    private static final Set<String> TAKEN = Set.of(
            "image",
            "build",
            "ports",
            "command",
            "environment",
            "env_file",
            "working_dir",
            "depends_on",
            "restart",
            "container_name",
            "deploy",
            "scale",
            "expose");

    private final Imported imported = new Imported();

    private ComposeImport() {}

    public static Imported read(JsonNode tree) {
        ComposeImport compose = new ComposeImport();
        JsonNode services = tree.path("services");
        services.properties().forEach(entry -> compose.service(entry.getKey(), entry.getValue()));
        if (services.isEmpty()) {
            compose.imported.warn("no services were found in it");
        }
        return compose.imported;
    }

    private void service(String name, JsonNode given) {
        ObjectNode service = imported.service(name);
        ports(name, given.path("ports"), service);
        boolean contained = given.has("image") && !given.has("build");
        if (contained) {
            imported.warn(name + " runs in a container (image "
                    + given.path("image").asText() + "): Berth guards its port, and compose starts it");
        } else {
            program(name, given, service);
        }
        dependencies(given.path("depends_on"), service);
        Set<String> left = new TreeSet<>();
        given.fieldNames().forEachRemaining(field -> {
            if (!TAKEN.contains(field)) {
                left.add(field);
            }
        });
        if (!left.isEmpty()) {
            imported.warn(name + ": not taken: " + String.join(", ", left));
        }
    }

    private void ports(String name, JsonNode ports, ObjectNode service) {
        List<String> published = new ArrayList<>();
        for (JsonNode each : ports) {
            String text = each.isObject() ? longForm(each) : plain(name, each.asText());
            Matcher parts = SHORT.matcher(text);
            if (!parts.matches()) {
                imported.warn(name + ": the port \"" + Texts.shorten(text) + "\" was not understood");
                continue;
            }
            String host = parts.group(2) == null ? "" : parts.group(2);
            if (host.isEmpty()) {
                imported.warn(name + ": port " + parts.group(3)
                        + " is published on any free port, so there is none to guard");
                continue;
            }
            if (!host.contains("-") && !ProcfileImport.isPort(host)) {
                imported.warn(name + ": \"" + Texts.shorten(host) + "\" is not a port");
                continue;
            }
            published.add(host);
            if (published.size() > 1) {
                continue;
            }
            if (host.contains("-")) {
                service.put("portRange", host);
            } else {
                service.put("port", Integer.parseInt(host));
            }
            String address = parts.group(1) == null ? "0.0.0.0" : parts.group(1).replaceAll("[\\[\\]]", "");
            service.put("host", address);
            if ("udp".equals(parts.group(4))) {
                service.put("protocol", "udp");
            }
        }
        if (published.size() > 1) {
            imported.warn(name + " publishes " + String.join(", ", published)
                    + ": a service of Berth's has one port; declare the others as services of their own");
        }
    }

    private static String longForm(JsonNode port) {
        String address = port.path("host_ip").asText("");
        String protocol = port.path("protocol").asText("");
        return (address.isEmpty() ? "" : address + ":") + port.path("published").asText("") + ":"
                + port.path("target").asText("") + (protocol.isEmpty() ? "" : "/" + protocol);
    }

    /** With the defaults of its variables; what has none stays as it is, and is then told. */
    private String plain(String name, String text) {
        Matcher variable = VARIABLE.matcher(text);
        StringBuilder plain = new StringBuilder();
        while (variable.find()) {
            if (variable.group(1) != null) {
                imported.warn(name + ": " + variable.group() + " was taken as " + variable.group(1));
            }
            variable.appendReplacement(
                    plain, Matcher.quoteReplacement(variable.group(1) == null ? variable.group() : variable.group(1)));
        }
        return variable.appendTail(plain).toString();
    }

    private void program(String name, JsonNode given, ObjectNode service) {
        JsonNode command = given.path("command");
        if (command.isTextual()) {
            service.put("command", command.textValue());
        } else if (command.isArray() && !command.isEmpty()) {
            service.set("command", command);
        } else {
            imported.warn(name + " has no command: what its Dockerfile runs is not known, so Berth guards its port");
            return;
        }
        JsonNode context = given.path("build").isTextual()
                ? given.path("build")
                : given.path("build").path("context");
        if (context.isTextual()) {
            service.put("workingDirectory", context.textValue());
        } else if (given.has("working_dir")) {
            imported.warn(
                    name + ": working_dir is a directory of the container; say workingDirectory for the machine's");
        }
        environment(name, given.path("environment"), service);
        JsonNode files = given.path("env_file");
        JsonNode file = files.isArray() ? files.path(0) : files;
        if (file.isTextual()) {
            service.put("envFile", file.textValue());
        }
        if (files.size() > 1) {
            imported.warn(name + ": only the first env_file was taken");
        }
        if (given.path("restart").asText("").equals("no")) {
            service.put("autoRestart", false);
        }
        int replicas =
                given.path("scale").asInt(given.path("deploy").path("replicas").asInt(1));
        if (replicas > 1) {
            service.put("replicas", replicas);
        }
    }

    private void environment(String name, JsonNode given, ObjectNode service) {
        ObjectNode environment = service.objectNode();
        given.properties()
                .forEach(entry -> put(name, entry.getKey(), entry.getValue().asText(""), environment));
        if (given.isArray()) {
            for (JsonNode each : given) {
                int equals = each.asText().indexOf('=');
                if (equals > 0) {
                    String text = each.asText();
                    put(name, text.substring(0, equals), text.substring(equals + 1), environment);
                } else {
                    imported.warn(name + ": " + Texts.shorten(each.asText()) + " has no value, and was left out");
                }
            }
        }
        if (!environment.isEmpty()) {
            service.set("environment", environment);
        }
    }

    private void put(String name, String variable, String value, ObjectNode environment) {
        if (variable.equals("PORT")) {
            imported.warn(name + ": PORT was left out of its environment: Berth tells it the port that it has");
        } else {
            environment.put(variable, value);
        }
    }

    private static void dependencies(JsonNode given, ObjectNode service) {
        ArrayNode dependencies = service.arrayNode();
        if (given.isArray()) {
            given.forEach(each -> dependencies
                    .addObject()
                    .put("service", Imported.name(each.asText()))
                    .put("condition", "started"));
        }
        given.properties()
                .forEach(entry -> dependencies
                        .addObject()
                        .put("service", Imported.name(entry.getKey()))
                        .put(
                                "condition",
                                entry.getValue().path("condition").asText("").equals("service_healthy")
                                        ? "healthy"
                                        : "started"));
        if (!dependencies.isEmpty()) {
            service.set("dependsOn", dependencies);
        }
    }
}
