package dev.berth.deploy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shell tests that need no daemon, each in every shell that people have as {@code sh}. */
class ShellTest {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource({
        "words, dash",
        "words, bash",
        "words, busybox",
        "clear_port, dash",
        "clear_port, bash",
        "clear_port, busybox",
        "fix_imports, dash",
    })
    void holds(String test, String shell) throws Exception {
        ShellScript.run(test, shell, scratch, Map.of());
    }
}
