package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
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

    @Test
    void theEnvironmentWinsOverEveryOtherSource() throws Exception {
        Settings settings = Settings.resolve(
                Map.of("BERTH_CONFLICTS_HOME_AFTER", "7s"),
                Map.of("BERTH_CONFLICTS_HOME_AFTER", "8s", "BERTH_OBSERVE_INTERVAL", "500ms"),
                Map.of("conflicts.homeAfter", "9s", "observe.interval", "1s", "reconcile.interval", "5s"));
        assertThat(settings.get(SettingCatalog.HOME_AFTER)).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.get(SettingCatalog.OBSERVE_INTERVAL)).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.get(SettingCatalog.RECONCILE_INTERVAL)).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.all())
                .filteredOn(value -> value.setting().key().equals("conflicts.homeAfter"))
                .singleElement()
                .satisfies(value -> assertThat(value.source()).isEqualTo("environment BERTH_CONFLICTS_HOME_AFTER"));
    }

    @Test
    void whatDecidesWhoGetsInIsNotTakenFromADotEnvFile() throws Exception {
        Settings settings = Settings.resolve(
                Map.of(), Map.of("BERTH_ALLOWED_HOSTS", "evil.example", "BERTH_PROTECT_PORTS", "1"), Map.of());
        assertThat(settings.get(SettingCatalog.ALLOWED_HOSTS)).isEmpty();
        assertThat(settings.get(SettingCatalog.PROTECTED_PORTS)).isEmpty();
    }

    @Test
    void aWrongValueNamesKeySourceValueAndWhatIsAllowed() {
        assertThatThrownBy(() -> Settings.resolve(Map.of("BERTH_CONFLICTS_HOME_AFTER", "soon"), Map.of(), Map.of()))
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
                        Map.entry("BERTH_LOGS_SIZE", "10"),
                        Map.entry("BERTH_LOGS_SIZE", "63KB"),
                        Map.entry("BERTH_LOGS_SIZE", "101GB"),
                        Map.entry("BERTH_LOGS_SIZE", "1.5MB"),
                        Map.entry("BERTH_LOGS_FILES", "0"),
                        Map.entry("BERTH_LOGS_FILES", "100"))
                .map(wrong -> DynamicTest.dynamicTest(
                        wrong.toString(),
                        () -> assertThatThrownBy(() ->
                                        Settings.resolve(Map.of(wrong.getKey(), wrong.getValue()), Map.of(), Map.of()))
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
