package dev.berth.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.model.Command;
import dev.berth.model.PortRange;
import dev.berth.model.Ports;
import dev.berth.model.Protocol;
import dev.berth.model.ReturnHome;
import dev.berth.model.ServiceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what somebody wants of a service: the spec itself, with labels and annotations where it stands alone. */
public final class SpecReader {
    /** The older spellings that are accepted everywhere, with ours. */
    static final Map<String, String> TWINS = Map.of(
            "alternative_ports", "alternativePorts",
            "process_patterns", "processPatterns",
            "health_check_url", "healthCheck",
            "startup_command", "command",
            "working_directory", "workingDirectory",
            "auto_restart", "autoRestart",
            "max_restart_attempts", "maxRestarts");

    static final Map<String, ReturnHome> RETURN_HOME =
            Map.of("onRestart", ReturnHome.ON_RESTART, "whenFree", ReturnHome.WHEN_FREE, "never", ReturnHome.NEVER);

    static final List<String> STOP_SIGNALS = List.of("SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGKILL");
    private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,9})\\s*-\\s*(\\d{1,9})\\s*");

    /** The working directory of a command for which none is declared: its owner's home. */
    static final String HOME = "~";

    private final SpecRules rules;

    public SpecReader(SpecRules rules) {
        this.rules = rules;
    }

    /** A spec with what may stand beside its fields when there is no {@code metadata}. */
    public record Wanted(ServiceSpec spec, Map<String, String> labels, Map<String, String> annotations) {}

    /**
     * Reads a spec that stands alone, as the body of a PUT.
     *
     * @param name of the service, so that it can't depend on itself
     */
    public Reading<Wanted> read(JsonNode tree, String name) {
        Faults faults = new Faults();
        Wanted wanted = read(tree, "", name, true, faults);
        return faults.isEmpty() ? new Reading.Valid<>(wanted, faults.warnings()) : faults.refused();
    }

    /** With our names instead of the older spellings, for merging; a name that is there already is left for {@link #read}. */
    public static ObjectNode canonical(ObjectNode spec) {
        ObjectNode result = spec.deepCopy();
        TWINS.forEach((twin, ours) -> {
            if (result.has(twin) && !result.has(ours)) {
                result.set(ours, result.remove(twin));
            }
        });
        return result;
    }

    /** @param alone labels and annotations may stand among the fields */
    Wanted read(JsonNode tree, String path, String name, boolean alone, Faults faults) {
        Fields fields = Fields.of(tree, path, "what is wanted of a service", faults);
        ServiceSpec.Builder spec = ServiceSpec.builder();
        ports(fields, spec);
        process(fields, spec);
        behaviour(fields, spec, name);
        Map<String, String> labels = Map.of();
        Map<String, String> annotations = Map.of();
        if (alone) {
            labels = LabelRules.labels(fields);
            annotations = LabelRules.annotations(fields);
            fields.take("name").ifPresent(given -> {
                if (!given.node().asText().equals(name)) {
                    faults.add(
                            given.path(),
                            "the service is called \"" + name + "\" already; leave this out",
                            given.node());
                }
            });
        }
        fields.take("owner")
                .ifPresent(given -> faults.add(
                        given.path(), "a service belongs to whoever declares it first; leave this out", given.node()));
        fields.end();
        return new Wanted(spec.build(), labels, annotations);
    }

    private void ports(Fields fields, ServiceSpec.Builder spec) {
        fields.word("protocol", List.of("tcp", "udp"), "a protocol")
                .ifPresent(word -> spec.protocol(word.equals("udp") ? Protocol.UDP : Protocol.TCP));
        OptionalInt port = fields.take("port").map(given -> port(fields, given)).orElse(OptionalInt.empty());
        port.ifPresent(spec::port);
        spec.alternativePorts(alternatives(fields, port));
        fields.take("portRange").flatMap(given -> range(fields, given)).ifPresent(spec::portRange);
        fields.take("host")
                .flatMap(given -> HostText.read(fields, given, rules.bindHosts()))
                .ifPresent(spec::host);
    }

    static OptionalInt port(Fields fields, Fields.Given given) {
        OptionalInt port = fields.number(given, Ports.MIN, Ports.MAX, "a port is ");
        if (port.isPresent() && port.getAsInt() < Ports.LOWEST_CHOSEN) {
            fields.faults()
                    .warn(
                            given.path(),
                            "ports below " + Ports.LOWEST_CHOSEN + " usually need a privilege to be bound",
                            given.node().asText());
        }
        return port;
    }

    private static List<Integer> alternatives(Fields fields, OptionalInt preferred) {
        Map<Integer, String> seen = new HashMap<>();
        preferred.ifPresent(port -> seen.put(port, "the preferred port itself"));
        List<Integer> ports = new ArrayList<>();
        for (Fields.Given given : fields.list("alternativePorts", SpecLimits.ALTERNATIVES, "alternative_ports")) {
            OptionalInt port = port(fields, given);
            if (port.isEmpty()) {
                continue;
            }
            String before = seen.putIfAbsent(port.getAsInt(), "there already, at " + given.path());
            if (before == null) {
                ports.add(port.getAsInt());
            } else {
                fields.faults().add(given.path(), "each port once: this one is " + before, given.node());
            }
        }
        return ports;
    }

    static Optional<PortRange> range(Fields fields, Fields.Given given) {
        Matcher parts = RANGE.matcher(given.node().isTextual() ? given.node().textValue() : "");
        if (!parts.matches()) {
            fields.faults().add(given.path(), "a range of ports such as 9000-9100 is wanted", given.node());
            return Optional.empty();
        }
        int first = Integer.parseInt(parts.group(1));
        int last = Integer.parseInt(parts.group(2));
        if (!Ports.isValid(first) || !Ports.isValid(last)) {
            fields.faults().add(given.path(), "both ends of a range are ports from 1 to 65535", given.node());
        } else if (first > last) {
            fields.faults().add(given.path(), "a range goes upward: " + last + "-" + first + " perhaps?", given.node());
        } else if (last < Ports.LOWEST_CHOSEN) {
            fields.faults()
                    .add(
                            given.path(),
                            "Berth chooses no port below " + Ports.LOWEST_CHOSEN + ", and this range has no other",
                            given.node());
        } else {
            return Optional.of(new PortRange(first, last));
        }
        return Optional.empty();
    }

    private void process(Fields fields, ServiceSpec.Builder spec) {
        spec.processPatterns(PatternReader.patterns(fields));
        Optional<Command> command =
                fields.take("command", "startup_command").flatMap(given -> CommandReader.command(fields, given));
        command.ifPresent(spec::command);
        fields.take("install")
                .flatMap(given -> CommandReader.command(fields, given))
                .ifPresent(spec::install);
        // A command in a file runs where the file lies, unless it says otherwise: ~ is its owner's home, where one
        // without any file runs. Without quotes YAML reads that as nothing.
        Optional<String> directory = fields.text("workingDirectory", SpecLimits.PATH_LENGTH, "working_directory");
        boolean atHome =
                directory.filter(HOME::equals).isPresent() || fields.saysNull("workingDirectory", "working_directory");
        if (!atHome) {
            directory
                    .map(this::fromBase)
                    .or(() -> command.flatMap(any -> rules.base()).map(Path::toString))
                    .ifPresent(spec::workingDirectory);
        }
        fields.text("envFile", SpecLimits.PATH_LENGTH).map(this::fromBase).ifPresent(spec::envFile);
        spec.environment(CommandReader.environment(fields));
    }

    /** Paths that start elsewhere ({@code ~}, {@code ${HOME}}) are understood when they are used, with the owner's environment. */
    private String fromBase(String path) {
        boolean elsewhere = path.startsWith("/") || path.startsWith("~") || path.startsWith("${");
        return elsewhere
                ? path
                : rules.base()
                        .map(base -> base.resolve(path).normalize().toString())
                        .orElse(path);
    }

    private static void replicas(Fields fields, ServiceSpec.Builder spec) {
        fields.take("replicas").ifPresent(given -> {
            OptionalInt replicas = fields.number(given, 1, SpecLimits.REPLICAS, "the number of instances is ");
            replicas.ifPresent(spec::replicas);
            if (replicas.orElse(1) > 1 && spec.build().isObserved()) {
                fields.faults()
                        .add(
                                given.path(),
                                "a service without a command is only watched, so there is one of it: give it a"
                                        + " command, or leave this out",
                                given.node());
            }
        });
    }

    private void behaviour(Fields fields, ServiceSpec.Builder spec, String name) {
        new HealthCheckReader(rules).read(fields).ifPresent(spec::healthCheck);
        spec.dependsOn(DependencyReader.read(fields, name));
        fields.word("strategy", rules.strategies(), "a strategy").ifPresent(spec::strategy);
        fields.flag("running").ifPresent(spec::running);
        fields.flag("critical").ifPresent(spec::critical);
        fields.flag("autoRestart", "auto_restart").ifPresent(spec::autoRestart);
        fields.number("maxRestarts", 0, SpecLimits.RESTARTS, "max_restart_attempts")
                .ifPresent(spec::maxRestarts);
        fields.duration("gracePeriod", Duration.ZERO, SpecLimits.LONGEST_GRACE).ifPresent(spec::gracePeriod);
        fields.word("stopSignal", STOP_SIGNALS, "a signal").ifPresent(spec::stopSignal);
        replicas(fields, spec);
        fields.word("returnHome", RETURN_HOME.keySet(), "returnHome")
                .map(RETURN_HOME::get)
                .ifPresent(spec::returnHome);
    }
}
