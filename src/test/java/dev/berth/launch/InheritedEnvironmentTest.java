package dev.berth.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InheritedEnvironmentTest {
    @Test
    void whatIsBerthsOwnIsNotInherited() {
        assertThat(InheritedEnvironment.of(Map.of(
                        "BERTH_TOKEN", "secret",
                        "BERTH_SERVICE", "default/berth@outer",
                        "QUARKUS_HTTP_PORT", "1",
                        "PORT", "7171",
                        "PWD", "/var/lib/berth",
                        "HOME", "/home/ann",
                        "PATH", "/bin",
                        "BERTHA", "kept",
                        "DATABASE_URL", "kept")))
                .containsOnly(
                        Map.entry("HOME", "/home/ann"),
                        Map.entry("PATH", "/bin"),
                        Map.entry("BERTHA", "kept"),
                        Map.entry("DATABASE_URL", "kept"));
    }
}
