package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in deploy/examples are what they say. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("deploy/examples");

    @Test
    void bothSpellingsOfTheCommonStackSayTheSame() throws Exception {
        assertThat(read("common-stack/berth.snake_case.yaml")).isEqualTo(read("common-stack/berth.yaml"));
    }

    @Test
    void theCommonStackHasThePortsThatItIsKnownFor() throws Exception {
        assertThat(read("common-stack/berth.yaml").services())
                .extracting(each -> each.key().name() + " " + each.spec().port().orElseThrow() + " "
                        + each.spec().alternativePorts())
                .containsExactly(
                        "backend 8000 [8001, 8002, 8003, 12001, 12002]",
                        "frontend 12000 [3000, 3001, 3002, 12001, 14000, 14001]",
                        "memory-api 8001 [8002, 8003, 8004, 8005]",
                        "three-engine 8002 [8003, 8004, 8005, 8006]",
                        "websocket 8080 [8081, 8082, 8083, 8084]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"monorepo/berth.yaml", "ci/berth.yaml", "two-servers/berth.yaml"})
    void theOthersAreReadWithoutFault(String file) throws Exception {
        assertThat(read(file).services()).isNotEmpty();
    }

    @Test
    void theEnvExampleNamesEveryPortVariable() throws Exception {
        String text = Files.readString(EXAMPLES.resolve(".env.example"));
        Set<String> named = new TreeSet<>();
        Pattern.compile("(?m)^(?:# )?([A-Z][A-Z0-9_]*)=")
                .matcher(text)
                .results()
                .forEach(each -> named.add(each.group(1)));
        assertThat(named).contains("PORT", "BERTH_HTTP_PORT");
        SettingCatalog.ALL.stream()
                .filter(setting -> setting.key().startsWith("ports."))
                .forEach(setting -> assertThat(named).contains(setting.environmentName()));
        for (DeclaredService service : read("common-stack/berth.yaml").services()) {
            String name = service.key().name().replace('-', '_').toUpperCase(java.util.Locale.ROOT);
            assertThat(named).contains(name + "_PORT", name + "_URL");
        }
    }

    private static StackFile read(String file) throws Exception {
        List<Document> documents = Documents.readAll(Files.readAllBytes(EXAMPLES.resolve(file)), Documents.Format.YAML);
        Reading<StackFile> reading = StackReader.read(
                documents, SpecRules.BUILT_IN.startingAt(Path.of("/srv")), "default", key -> Optional.empty());
        assertThat(reading).isInstanceOf(Reading.Valid.class);
        return ((Reading.Valid<StackFile>) reading).value();
    }
}
