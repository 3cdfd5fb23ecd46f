package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Command;
import dev.berth.model.Dependency;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.store.StoredSamples;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What users can make long is counted, whichever field they use. */
class RowLengthTest {
    private static final int LONG = 50_000;
    private static final String TEXT = "x".repeat(LONG);
    private static final List<String> MANY = Collections.nCopies(LONG / 10, "0123456789");

    /** Fields of a declaration that hold as much as somebody writes. */
    private static final Map<String, UnaryOperator<ServiceSpec.Builder>> FIELDS = new TreeMap<>(Map.ofEntries(
            Map.entry("host", spec -> spec.host(TEXT)),
            Map.entry("alternativePorts", spec -> spec.alternativePorts(Collections.nCopies(LONG / 5, 8000))),
            Map.entry("processPatterns", spec -> spec.processPatterns(MANY)),
            Map.entry("command", spec -> spec.command(new Command.Exec(MANY))),
            Map.entry("workingDirectory", spec -> spec.workingDirectory("/" + TEXT)),
            Map.entry("environment", spec -> spec.environment(Map.of("LONG", TEXT))),
            Map.entry("envFile", spec -> spec.envFile(TEXT)),
            Map.entry("healthCheck", spec -> spec.healthCheck(HealthCheckSpec.http("http://localhost/" + TEXT))),
            Map.entry("dependsOn", spec -> spec.dependsOn(dependencies())),
            Map.entry("strategy", spec -> spec.strategy(TEXT)),
            Map.entry("stopSignal", spec -> spec.stopSignal(TEXT)),
            Map.entry("install", spec -> spec.install(new Command.Shell(TEXT)))));

    private static List<Dependency> dependencies() {
        List<Dependency> all = new ArrayList<>();
        for (int i = 0; i < LONG / 10; i++) {
            all.add(new Dependency("service-" + i, Dependency.Until.STARTED));
        }
        return all;
    }

    private static Service with(ServiceSpec spec) {
        Service sample = StoredSamples.service("sample");
        return new Service(sample.metadata(), spec, sample.status());
    }

    @Test
    void aUsualRowIsOfUsualLength() {
        Service sample = StoredSamples.service("sample");
        assertThat(RowLength.of(sample)).isBetween(500, 3 * sample.toString().length());
    }

    @Test
    void everyFieldThatCanBeLongIsCounted() {
        FIELDS.forEach((name, field) -> assertThat(
                        RowLength.of(with(field.apply(ServiceSpec.builder()).build())))
                .as(name)
                .isGreaterThanOrEqualTo(LONG));
        Service labelled = StoredSamples.service("sample");
        assertThat(RowLength.of(new Service(
                        labelled.metadata().withLabels(Map.of("a", TEXT), Map.of("b", TEXT)),
                        labelled.spec(),
                        labelled.status())))
                .isGreaterThanOrEqualTo(2 * LONG);
    }

    /** A field that is new has to be looked at: it is counted above, or can't be long. */
    @Test
    void noFieldIsForgotten() {
        Set<String> known = new TreeSet<>(FIELDS.keySet());
        known.addAll(Set.of(
                "port",
                "portRange",
                "protocol",
                "running",
                "critical",
                "autoRestart",
                "maxRestarts",
                "gracePeriod",
                "replicas",
                "returnHome"));
        Set<String> fields = new TreeSet<>();
        for (RecordComponent component : ServiceSpec.class.getRecordComponents()) {
            fields.add(component.getName());
        }
        assertThat(fields).isEqualTo(known);
    }
}
