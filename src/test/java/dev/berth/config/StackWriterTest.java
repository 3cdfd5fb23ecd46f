package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.Command;
import dev.berth.model.Dependency;
import dev.berth.model.Metadata;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceStatus;
import dev.berth.model.User;
import dev.berth.testing.Gen;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is exported makes the same of an empty Berth, as YAML and as JSON. */
class StackWriterTest {
    private static final String STACK = "berth.dev/stack";

    /** What YAML could take for something else, or lose. */
    private static final String[] TEXTS = {
        "",
        " ",
        "yes",
        "Null",
        "~",
        "null",
        "TRUE",
        "010",
        "1e5",
        "1.10",
        "+5",
        ".5",
        "0x1F",
        "12:30",
        "a: b",
        "- x",
        "# c",
        "a #b",
        "'",
        "\"",
        "{port}",
        "[1",
        "*a",
        "&a",
        "!t",
        "%d",
        "@x",
        "`",
        "|",
        ">",
        "a\nb",
        "a\n\nb\n",
        " a\n b",
        "a \nb",
        "a\r\nb",
        "\ttab",
        "tab\t",
        "é☂\uD83D\uDE00",
        "\u0085x",
        "\u2028",
        "--- x",
        "...",
        "<<",
        "=",
        "a\n",
        "\n"
    };

    private static final ObjectMapper YAML = new ObjectMapper(YamlText.factory());

    @Test
    void whatIsWrittenIsReadAsTheSameServicesAndSettings() {
        Gen.check(400, gen -> {
            List<Service> services = services(gen);
            Settings settings = settings(gen);
            var written = StackWriter.write(settings, services, List.of(), STACK);
            for (boolean yaml : new boolean[] {true, false}) {
                String text = yaml ? yaml(written) : written.toString();
                StackFile file = read(text, yaml ? Documents.Format.YAML : Documents.Format.JSON);
                assertThat(file.services())
                        .as(text)
                        .extracting(DeclaredService::key, DeclaredService::spec, DeclaredService::labels)
                        .containsExactlyElementsOf(services.stream()
                                .map(each -> tuple(
                                        each.key(), each.spec(), each.metadata().labels()))
                                .toList());
                Settings again = resolved(SettingSources.of(Map.of()).withFiles(files(file.settings())));
                assertThat(again.all())
                        .as(text)
                        .allSatisfy(each -> assertThat(each.value())
                                .isEqualTo(
                                        settings.effective(each.setting().key()).value()));
                assertThat(StackWriter.write(again, declared(file), List.of(), STACK))
                        .isEqualTo(written);
            }
        });
    }

    @Test
    void whereACommandRunsDoesNotChangeWithThePlaceOfTheExport() {
        ServiceSpec atHome =
                ServiceSpec.builder().command(new Command.Shell("./serve")).build();
        String text = yaml(StackWriter.write(
                resolved(SettingSources.of(Map.of())),
                List.of(service("default/web", atHome, Map.of(), Map.of(), 1)),
                List.of(),
                STACK));
        StackFile file = read(text, Documents.Format.YAML, SpecRules.BUILT_IN.startingAt(Path.of("/exports")));
        assertThat(file.services()).extracting(DeclaredService::spec).containsExactly(atHome);
    }

    @Test
    void anEmptyBerthIsAnEmptyFile() {
        assertThat(yaml(StackWriter.write(resolved(SettingSources.of(Map.of())), List.of(), List.of(), STACK)))
                .isEqualTo("apiVersion: berth.dev/v1\n");
    }

    @Test
    void saysOnlyWhatDiffersFromDefaultsAndIsNotOfThisMachine() {
        Settings settings = resolved(SettingSources.of(Map.of(
                "BERTH_CONFLICTS_STRATEGY", "conservative", "BERTH_LOGS_SIZE", "20MB", "BERTH_LOGS_FILES", "5")));
        Service shop =
                service("default/web", ServiceSpec.guarding(8000), Map.of(), Map.of(STACK, "shop", "note", "ours"), 1);
        Service demo = service("demo/web", ServiceSpec.guarding(8000), Map.of(), Map.of(STACK, "shop"), 2);
        assertThat(yaml(StackWriter.write(settings, List.of(shop, demo), List.of(), STACK)))
                .isEqualTo("""
                apiVersion: berth.dev/v1
                stack: shop
                settings:
                  conflicts:
                    strategy: conservative
                  logs:
                    size: 20MB
                services:
                  web:
                    port: 8000
                    annotations:
                      note: ours
                  demo/web:
                    port: 8000
                """);
        Service watched = service(
                "default/web", ServiceSpec.guarding(8000), Map.of(), Map.of(STACK, "file:/home/ann/berth.yaml"), 1);
        assertThat(yaml(StackWriter.write(settings, List.of(watched, demo), List.of(), STACK)))
                .doesNotContain("/home/ann")
                .contains("berth.dev/stack: shop");
    }

    static List<Service> services(Gen gen) {
        List<Service> services = new ArrayList<>();
        int count = gen.number(0, 4);
        for (int i = 0; i < count; i++) {
            ServiceSpec spec = SpecPropertiesTest.spec(new Random(gen.number(0, Integer.MAX_VALUE - 1)));
            Map<String, String> environment = new LinkedHashMap<>();
            gen.list(0, 6, () -> gen.oneOf("A", "NULL", "true", "Y", "_1", "PORT"))
                    .forEach(name -> environment.put(name, gen.oneOf(TEXTS) + gen.oneOf("", "", gen.oneOf(TEXTS))));
            ServiceSpec.Builder builder = spec.toBuilder()
                    .environment(environment)
                    .dependsOn(i == 0 ? List.of() : List.of(new Dependency("s0", Dependency.Until.STARTED)));
            // Those of one namespace know each other.
            String namespace = "default";
            if (i == 3) {
                namespace = "team-a";
                builder.dependsOn(List.of());
            }
            services.add(service(
                    namespace + "/s" + i,
                    builder.build(),
                    gen.chance(50) ? Map.of("tier", gen.oneOf("web", "", "1.0", "true")) : Map.of(),
                    gen.chance(50) ? Map.of("note", gen.oneOf(TEXTS)) : Map.of(),
                    i));
        }
        return services;
    }

    static Settings settings(Gen gen) {
        Map<String, String> environment = new LinkedHashMap<>();
        List.of(
                        Map.entry("BERTH_CONFLICTS_STRATEGY", "aggressive"),
                        Map.entry("BERTH_PORTS_RESERVED", "5432,6000-6010"),
                        Map.entry("BERTH_PORTS_RANGE", "20000-20100"),
                        Map.entry("BERTH_THRESHOLDS_MEMORY", "2GB"),
                        Map.entry("BERTH_THRESHOLDS_CPU", "80"),
                        Map.entry("BERTH_HISTORY_AGE", "36h"),
                        Map.entry("BERTH_PROTECT_PROCESSES", "^nginx,post.*"),
                        Map.entry("BERTH_CONFIRM", "terminate,migrate"),
                        Map.entry("BERTH_DEVELOPMENT", "true"),
                        Map.entry("BERTH_BIND_HOSTS", ""),
                        Map.entry("BERTH_ALLOWED_HOSTS", "dev.example"))
                .forEach(each -> {
                    if (gen.chance(40)) {
                        environment.put(each.getKey(), each.getValue());
                    }
                });
        return resolved(SettingSources.of(environment));
    }

    private static Map<String, SettingSources.FileValue> files(Map<String, String> said) {
        Map<String, SettingSources.FileValue> files = new LinkedHashMap<>();
        said.forEach((key, value) -> files.put(key, new SettingSources.FileValue("f", value)));
        return files;
    }

    private static List<Service> declared(StackFile file) {
        List<Service> services = new ArrayList<>();
        for (DeclaredService each : file.services()) {
            services.add(
                    service(each.key().toString(), each.spec(), each.labels(), each.annotations(), services.size()));
        }
        return services;
    }

    private static Service service(
            String key, ServiceSpec spec, Map<String, String> labels, Map<String, String> annotations, int age) {
        ServiceKey parsed = ServiceKey.parse(key);
        return new Service(
                new Metadata(
                        parsed.namespace(),
                        parsed.name(),
                        "uid-" + age,
                        labels,
                        annotations,
                        new User(1000, Optional.of("ann")),
                        List.of(),
                        1,
                        17,
                        Instant.EPOCH.plusSeconds(age),
                        Optional.empty()),
                spec,
                ServiceStatus.unseen());
    }

    private static StackFile read(String text, Documents.Format format) {
        return read(text, format, SpecRules.BUILT_IN);
    }

    private static StackFile read(String text, Documents.Format format, SpecRules rules) {
        try {
            List<Document> documents = Documents.readAll(text.getBytes(StandardCharsets.UTF_8), format);
            Reading<StackFile> reading =
                    StackReader.read(documents, rules, "default", key -> Optional.of(ServiceSpec.guarding(1)));
            assertThat(reading).as(text + reading).isInstanceOf(Reading.Valid.class);
            return ((Reading.Valid<StackFile>) reading).value();
        } catch (DocumentException refused) {
            throw new AssertionError(text, refused);
        }
    }

    private static Settings resolved(SettingSources sources) {
        try {
            return Settings.resolve(sources);
        } catch (SettingException wrong) {
            throw new AssertionError(wrong);
        }
    }

    private static String yaml(Object tree) {
        try {
            return YAML.writeValueAsString(tree);
        } catch (com.fasterxml.jackson.core.JsonProcessingException defect) {
            throw new AssertionError(defect);
        }
    }
}
