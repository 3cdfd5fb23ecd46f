package dev.berth.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Command;
import dev.berth.model.Dependency;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.ServiceSpec;
import java.util.List;
import java.util.Map;

/** Writes specs so that {@link SpecReader} reads the same. */
public final class SpecWriter {
    private static final ServiceSpec DEFAULTS = ServiceSpec.builder().build();

    private SpecWriter() {}

    /** With every field that has a default, so that a reader sees what holds. */
    public static ObjectNode full(ServiceSpec spec) {
        return write(spec, true);
    }

    /** Without what is at its default, as a person would write it. */
    public static ObjectNode brief(ServiceSpec spec) {
        return write(spec, false);
    }

    private static ObjectNode write(ServiceSpec spec, boolean defaults) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        spec.port().ifPresent(port -> tree.put("port", port));
        if (!spec.alternativePorts().isEmpty()) {
            ArrayNode ports = tree.putArray("alternativePorts");
            spec.alternativePorts().forEach(ports::add);
        }
        spec.portRange().ifPresent(range -> tree.put("portRange", range.toString()));
        spec.host().ifPresent(host -> tree.put("host", host));
        if (defaults || spec.protocol() != DEFAULTS.protocol()) {
            tree.put("protocol", spec.protocol().label());
        }
        if (!spec.processPatterns().isEmpty()) {
            texts(tree, "processPatterns", spec.processPatterns());
        }
        spec.command().ifPresent(command -> command(tree, "command", command));
        spec.workingDirectory().ifPresent(path -> tree.put("workingDirectory", path));
        if (!spec.environment().isEmpty()) {
            ObjectNode environment = tree.putObject("environment");
            spec.environment().forEach(environment::put);
        }
        spec.envFile().ifPresent(path -> tree.put("envFile", path));
        spec.healthCheck().ifPresent(check -> healthCheck(tree, check));
        if (!spec.dependsOn().isEmpty()) {
            ArrayNode dependencies = tree.putArray("dependsOn");
            spec.dependsOn().forEach(each -> dependency(dependencies, each));
        }
        spec.strategy().ifPresent(strategy -> tree.put("strategy", strategy));
        behaviour(tree, spec, defaults);
        return tree;
    }

    private static void behaviour(ObjectNode tree, ServiceSpec spec, boolean defaults) {
        if (defaults || spec.running() != DEFAULTS.running()) {
            tree.put("running", spec.running());
        }
        if (defaults || spec.critical() != DEFAULTS.critical()) {
            tree.put("critical", spec.critical());
        }
        if (defaults || spec.autoRestart() != DEFAULTS.autoRestart()) {
            tree.put("autoRestart", spec.autoRestart());
        }
        if (defaults || spec.maxRestarts() != DEFAULTS.maxRestarts()) {
            tree.put("maxRestarts", spec.maxRestarts());
        }
        if (defaults || !spec.gracePeriod().equals(DEFAULTS.gracePeriod())) {
            tree.put("gracePeriod", Durations.write(spec.gracePeriod()));
        }
        spec.stopSignal().ifPresent(signal -> tree.put("stopSignal", signal));
        spec.install().ifPresent(install -> command(tree, "install", install));
        if (defaults || spec.replicas() != DEFAULTS.replicas()) {
            tree.put("replicas", spec.replicas());
        }
        if (defaults || spec.returnHome() != DEFAULTS.returnHome()) {
            SpecReader.RETURN_HOME.forEach((word, value) -> {
                if (value == spec.returnHome()) {
                    tree.put("returnHome", word);
                }
            });
        }
    }

    private static void command(ObjectNode tree, String field, Command command) {
        if (command instanceof Command.Shell shell) {
            tree.put(field, shell.text());
        } else if (command instanceof Command.Exec exec) {
            texts(tree, field, exec.arguments());
        }
    }

    private static void healthCheck(ObjectNode tree, HealthCheckSpec check) {
        if (check.equals(HealthCheckSpec.http(check.target()))) {
            tree.put("healthCheck", check.target());
            return;
        }
        ObjectNode map = tree.putObject("healthCheck");
        map.put(check.kind(), check.target());
        check.interval().ifPresent(interval -> map.put("interval", Durations.write(interval)));
        map.put("timeout", Durations.write(check.timeout()));
        map.put("startPeriod", Durations.write(check.startPeriod()));
        map.put("failures", check.failures());
        map.put("successes", check.successes());
        check.expectStatus().ifPresent(status -> map.put("expectStatus", status));
        check.expectBody().ifPresent(body -> map.put("expectBody", body));
    }

    private static void dependency(ArrayNode dependencies, Dependency dependency) {
        dependencies
                .addObject()
                .put("service", dependency.service())
                .put("condition", dependency.condition() == Dependency.Until.STARTED ? "started" : "healthy");
    }

    private static void texts(ObjectNode tree, String field, List<String> texts) {
        ArrayNode array = tree.putArray(field);
        texts.forEach(array::add);
    }

    /** Labels or annotations, left out when there are none. */
    public static void texts(ObjectNode tree, String field, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            ObjectNode map = tree.putObject(field);
            texts.forEach(map::put);
        }
    }
}
