package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.berth.model.ServiceKey;
import dev.berth.testing.Gen;
import dev.berth.testing.GeneratedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published schema against the reader: neither knows a key that the other doesn't. */
class StackSchemaTest {
    private static final ObjectNode SCHEMA = StackSchema.of(SpecRules.BUILT_IN);
    private static final JsonSchema VALIDATOR =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(SCHEMA);

    /** A map that is asked for a key by whoever reads it; remembers which. */
    private static final class AskedNode extends ObjectNode {
        private static final long serialVersionUID = 1L;
        private final transient Set<String> asked = new TreeSet<>();

        AskedNode() {
            super(JsonNodeFactory.instance);
        }

        @Override
        public JsonNode get(String name) {
            asked.add(name);
            return super.get(name);
        }
    }

    @Test
    void thePublishedSchemaIsThatOfTheCode() {
        GeneratedFile.assertSays(Path.of("docs/berth.schema.json"), SCHEMA.toPrettyString() + "\n");
    }

    @Test
    void knowsTheFieldsOfASpecThatItsReaderKnows() {
        AskedNode spec = new AskedNode();
        AskedNode check = new AskedNode();
        AskedNode dependency = new AskedNode();
        spec.set("healthCheck", check);
        spec.putArray("dependsOn").add(dependency);
        new SpecReader(SpecRules.BUILT_IN).read(spec, "", "backend", true, new Faults());
        // Known so that it can be refused with a sentence of its own.
        spec.asked.remove("owner");
        assertThat(properties("service")).isEqualTo(spec.asked);
        assertThat(names(SCHEMA.at("/definitions/service/properties/healthCheck/anyOf/1/properties")))
                .isEqualTo(check.asked);
        assertThat(names(SCHEMA.at("/definitions/service/properties/dependsOn/items/anyOf/1/properties")))
                .isEqualTo(dependency.asked);

        AskedNode inObject = new AskedNode();
        new SpecReader(SpecRules.BUILT_IN).read(inObject, "", "backend", false, new Faults());
        inObject.asked.remove("owner");
        assertThat(properties("spec")).isEqualTo(inObject.asked);
    }

    @Test
    void knowsTheFieldsOfAFileThatItsReaderKnows() {
        AskedNode file = new AskedNode();
        AskedNode monitoring = new AskedNode();
        AskedNode conflicts = new AskedNode();
        file.set("monitoring", monitoring);
        file.set("conflict_resolution", conflicts);
        read(file);
        file.asked.remove("kind");
        assertThat(properties("stack")).isEqualTo(file.asked);
        assertThat(names(SCHEMA.at("/definitions/stack/properties/monitoring/properties")))
                .isEqualTo(monitoring.asked);
        assertThat(names(SCHEMA.at("/definitions/stack/properties/conflict_resolution/properties")))
                .isEqualTo(conflicts.asked);
    }

    @Test
    void knowsTheFieldsOfAnObjectThatItsReaderKnows() {
        AskedNode whole = new AskedNode();
        AskedNode metadata = new AskedNode();
        whole.put("kind", "Service").set("metadata", metadata);
        new ServiceReader(SpecRules.BUILT_IN)
                .whole(whole, "", "default", Optional.of(ServiceKey.parse("a")), new Faults());
        assertThat(properties("object")).isEqualTo(whole.asked);
        assertThat(names(SCHEMA.at("/definitions/object/properties/metadata/properties")))
                .isEqualTo(metadata.asked);
    }

    @Test
    void everySettingIsThereInBothForms() {
        for (Setting<?> setting : SettingCatalog.ALL) {
            JsonNode at = SCHEMA.at("/definitions/settings");
            for (String part : setting.key().split("\\.")) {
                at = at.path("properties").path(part);
            }
            assertThat(at.path("description").asText()).contains(setting.meaning());
            assertThat(properties("settings")).contains(setting.key());
        }
    }

    /** What Berth writes itself is valid, whatever it is. */
    @Test
    void whatIsExportedIsValid() {
        Gen.check(150, gen -> {
            ObjectNode written = StackWriter.write(
                    StackWriterTest.settings(gen), StackWriterTest.services(gen), List.of(), "berth.dev/stack");
            assertThat(VALIDATOR.validate(written)).as(written.toPrettyString()).isEmpty();
        });
    }

    static Stream<Path> examples() throws IOException {
        Path directory = Path.of("deploy/examples");
        if (!Files.isDirectory(directory)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml")
                            && file.getFileName().toString().startsWith("berth"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("examples")
    void everyExampleIsValid(Path file) throws Exception {
        for (Document document : Documents.readAll(Files.readAllBytes(file), Documents.Format.YAML)) {
            assertThat(VALIDATOR.validate(document.tree())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "services: {a: {}}",
                "{stack: shop, services: {team/a: {port: 1, alternative_ports: [2], health_check_url: 'http://x:{port}/'}}}",
                "{services: {a: {command: [node, 1], environment: {A: 1, B: true}, dependsOn: [b, {service: c}]}, b: {}, c: {}}}",
                "{services: {a: {healthCheck: {tcp: 8000, interval: 5s}, portRange: 9000-9100, strategy: conservative}}}",
                "{settings: {conflicts: {strategy: aggressive}, logs.files: 7, ports: {reserved: [1, 2-3]}, thresholds: {cpu: 80}}}",
                "{monitoring: {interval: 5, enabled: false}, conflict_resolution: {strategy: conservative}}",
                "{kind: Service, apiVersion: berth.dev/v1, metadata: {name: a, owner: x}, spec: {port: 1}, status: {state: x}}",
                "{kind: ServiceList, items: [{kind: Service, metadata: {name: a}, spec: {}}]}"
            })
    void readerAndSchemaAgreeOnWhatIsGood(String yaml) throws Exception {
        JsonNode tree = tree(yaml);
        assertThat(VALIDATOR.validate(tree)).isEmpty();
        assertThat(read(tree)).isInstanceOf(Reading.Valid.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serivces: {}",
                "services: [a]",
                "services: {Bad_Name: {}}",
                "services: {a: {prot: 1}}",
                "services: {a: {port: 0}}",
                "services: {a: {port: '80'}}",
                "services: {a: {port: 65536}}",
                "services: {a: {alternativePorts: [1], alternative_ports: [2]}}",
                "services: {a: {alternativePorts: [1, 1]}}",
                "services: {a: {protocol: sctp}}",
                "services: {a: {gracePeriod: 10}}",
                "services: {a: {healthCheck: {url: 'http://x/'}}}",
                "services: {a: {dependsOn: [{condition: healthy}]}}",
                "services: {a: {returnHome: sometimes}}",
                "settings: {conflicts: {stratgy: x}}",
                "settings: {reconcile: {autoResolve: 3}}",
                "monitoring: {intervall: 3}",
                "{kind: Service, metadata: {}, spec: {}}"
            })
    void readerAndSchemaAgreeOnWhatIsBad(String yaml) throws Exception {
        JsonNode tree = tree(yaml);
        assertThat(VALIDATOR.validate(tree)).isNotEmpty();
        assertThat(read(tree)).isInstanceOf(Reading.Refused.class);
    }

    private static JsonNode tree(String yaml) throws DocumentException {
        return Documents.readOne(yaml.getBytes(StandardCharsets.UTF_8), Documents.Format.YAML)
                .tree();
    }

    private static Reading<StackFile> read(JsonNode tree) {
        return StackReader.read(
                List.of(new Document(tree, java.util.Map.of())),
                SpecRules.BUILT_IN,
                "default",
                key -> Optional.empty());
    }

    private static Set<String> properties(String definition) {
        return names(SCHEMA.at("/definitions/" + definition + "/properties"));
    }

    private static Set<String> names(JsonNode map) {
        List<String> names = new ArrayList<>();
        map.fieldNames().forEachRemaining(names::add);
        return new TreeSet<>(names);
    }
}
