package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.berth.testing.Gen;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SettingsTest {

    @TestFactory
    Stream<DynamicTest> everyDefaultIsAValueThatTheSettingAllows() {
        return SettingCatalog.ALL.stream()
                .map(setting -> DynamicTest.dynamicTest(
                        setting.key(),
                        () -> assertThat(setting.parse(setting.defaultText(), "default"))
                                .isNotNull()));
    }

    /** Each source alone over those that come after it. */
    @Test
    void anEarlierSourceWinsOverALaterOne() throws Exception {
        SettingSources file = SettingSources.of(Map.of())
                .withFiles(Map.of("conflicts.homeAfter", new SettingSources.FileValue("shop", "5s")));
        SettingSources dotEnv = file.withDotEnv(Map.of("BERTH_CONFLICTS_HOME_AFTER", "6s"));
        SettingSources rest = dotEnv.withRest(Map.of("conflicts.homeAfter", "7s"));
        SettingSources environment = new SettingSources(
                Map.of(), Map.of("BERTH_CONFLICTS_HOME_AFTER", "8s"), rest.rest(), rest.dotEnv(), rest.files());
        SettingSources commandLine = environment.withCommandLine(Map.of("conflicts.homeAfter", "9s"));

        assertThat(Stream.of(SettingSources.of(Map.of()), file, dotEnv, rest, environment, commandLine)
                        .map(SettingsTest::homeAfter))
                .containsExactly(
                        "30s from default",
                        "5s from file shop",
                        "6s from .env BERTH_CONFLICTS_HOME_AFTER",
                        "7s from REST",
                        "8s from environment BERTH_CONFLICTS_HOME_AFTER",
                        "9s from command line");
    }

    /** Any mixture of sources: the first one that speaks is the value that holds, for every setting alone. */
    @Test
    void precedenceHoldsForEverySettingWhateverElseIsSaid() {
        Gen.check(300, gen -> {
            Map<String, String> commandLine = new HashMap<>();
            Map<String, String> environment = new HashMap<>();
            Map<String, String> rest = new HashMap<>();
            Map<String, String> dotEnv = new HashMap<>();
            Map<String, SettingSources.FileValue> files = new HashMap<>();
            Map<String, String> expected = new HashMap<>();
            for (Setting<?> setting : SettingCatalog.ALL) {
                String source = "default";
                // From the weakest to the strongest, so that the last one that speaks is expected.
                if (gen.chance(40)) {
                    files.put(setting.key(), new SettingSources.FileValue("f", setting.defaultText()));
                    source = "file f";
                }
                if (gen.chance(40)) {
                    dotEnv.put(setting.environmentName(), setting.defaultText());
                    source = setting.decidesWhoGetsIn() ? source : ".env " + setting.environmentName();
                }
                if (gen.chance(40)) {
                    rest.put(setting.key(), setting.defaultText());
                    source = "REST";
                }
                if (gen.chance(40)) {
                    environment.put(setting.environmentName(), setting.defaultText());
                    source = "environment " + setting.environmentName();
                }
                if (gen.chance(40)) {
                    commandLine.put(setting.key(), setting.defaultText());
                    source = "command line";
                }
                expected.put(setting.key(), source);
            }
            Settings settings = resolved(new SettingSources(commandLine, environment, rest, dotEnv, files));
            assertThat(settings.all())
                    .allSatisfy(each -> assertThat(each.source())
                            .as(each.setting().key())
                            .isEqualTo(expected.get(each.setting().key())));
        });
    }

    private static String homeAfter(SettingSources sources) {
        Settings.Effective effective = resolved(sources).effective("conflicts.homeAfter");
        return effective.text() + " from " + effective.source();
    }

    private static Settings resolved(SettingSources sources) {
        try {
            return Settings.resolve(sources);
        } catch (SettingException wrong) {
            throw new AssertionError(wrong);
        }
    }

    @Test
    void whatDecidesWhoGetsInIsNotTakenFromADotEnvFile() throws Exception {
        Settings settings = Settings.resolve(SettingSources.of(Map.of())
                .withDotEnv(Map.of(
                        "BERTH_ALLOWED_HOSTS", "evil.example",
                        "BERTH_PROTECT_PORTS", "1",
                        "BERTH_BIND_HOSTS", "0.0.0.0")));
        assertThat(settings.get(SettingCatalog.ALLOWED_HOSTS)).isEmpty();
        assertThat(settings.get(SettingCatalog.PROTECTED_PORTS)).isEmpty();
        assertThat(settings.get(SettingCatalog.BIND_HOSTS)).isEmpty();
    }

    @Test
    void aFileThatNoLongerSaysSomethingGivesItBack() throws Exception {
        Settings said = Settings.resolve(SettingSources.of(Map.of())
                .withFiles(Map.of(
                        "conflicts.homeAfter", new SettingSources.FileValue("shop", "5s"),
                        "observe.interval", new SettingSources.FileValue("blog", "1s"))));

        assertThat(SettingEffect.ofFile(Optional.of("shop"), Map.of("logs.files", "7"), said))
                .extracting(
                        each -> each.setting().key(),
                        SettingEffect::value,
                        each -> each.after().source())
                .containsExactly(
                        tuple("conflicts.homeAfter", Optional.empty(), "default"),
                        tuple("logs.files", Optional.of("7"), "file shop"));
    }

    @Test
    void aWrongValueNamesKeySourceValueAndWhatIsAllowed() {
        assertThatThrownBy(() -> Settings.resolve(SettingSources.of(Map.of("BERTH_CONFLICTS_HOME_AFTER", "soon"))))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("conflicts.homeAfter")
                .hasMessageContaining("environment BERTH_CONFLICTS_HOME_AFTER")
                .hasMessageContaining("\"soon\"")
                .hasMessageContaining("500ms");
    }

    @TestFactory
    Stream<DynamicTest> refuses() {
        return Stream.of(
                        Map.entry("BERTH_RECONCILE_AUTO_RESOLVE", "yes"),
                        Map.entry("BERTH_CONFLICTS_MAX_ALTERNATIVES", "-1"),
                        Map.entry("BERTH_PORTS_RANGE", "80-90"),
                        Map.entry("BERTH_PORTS_RANGE", "9000-8000"),
                        Map.entry("BERTH_PORTS_RESERVED", "5432,65536"),
                        Map.entry("BERTH_PROTECT_PROCESSES", "("),
                        Map.entry("BERTH_CONFIRM", "explode"),
                        Map.entry("BERTH_OBSERVE_INTERVAL", "1ms"),
                        Map.entry("BERTH_BIND_HOSTS", "example.org"),
                        Map.entry("BERTH_LOGS_SIZE", "10"),
                        Map.entry("BERTH_LOGS_SIZE", "63KB"),
                        Map.entry("BERTH_LOGS_SIZE", "101GB"),
                        Map.entry("BERTH_LOGS_SIZE", "1.5MB"),
                        Map.entry("BERTH_LOGS_FILES", "0"),
                        Map.entry("BERTH_LOGS_FILES", "100"))
                .map(wrong -> DynamicTest.dynamicTest(
                        wrong.toString(),
                        () -> assertThatThrownBy(() ->
                                        Settings.resolve(SettingSources.of(Map.of(wrong.getKey(), wrong.getValue()))))
                                .isInstanceOf(SettingException.class)
                                .hasMessageContaining(wrong.getValue())));
    }

    @Test
    void sizesAreInBytes() {
        assertThat(Sizes.parse("512KB")).isEqualTo(524_288);
        assertThat(Sizes.parse("10MB")).isEqualTo(10_485_760);
        assertThat(Sizes.parse("1GB")).isEqualTo(1_073_741_824);
    }

    @TestFactory
    Stream<DynamicTest> durationsRoundTrip() {
        return Stream.of("0s", "1ms", "500ms", "1500ms", "10s", "90s", "2m", "1h", "30d")
                .map(text -> DynamicTest.dynamicTest(
                        text,
                        () -> assertThat(Durations.parse(Durations.write(Durations.parse(text))))
                                .isEqualTo(Durations.parse(text))));
    }
}
