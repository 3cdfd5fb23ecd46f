package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    @TempDir
    Path directory;

    @Test
    void takesAFileAndSettings() throws Exception {
        Path file = Files.writeString(directory.resolve("my stack.yaml"), "{}");
        Arguments arguments =
                Arguments.parse(List.of("--set", "logs.files=7", "-f", "${WHERE}/my stack.yaml", "--set=confirm=a=b"));
        assertThat(arguments.settings()).containsOnly(Map.entry("logs.files", "7"), Map.entry("confirm", "a=b"));
        assertThat(arguments.file(Map.of("WHERE", directory.toString()), Path.of("/")))
                .contains(file);
        assertThat(Arguments.parse(List.of("--file=my stack.yaml")).file(Map.of(), directory))
                .as("seen from the caller's directory")
                .contains(file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--verbose|serve knows -f FILE and --set KEY=VALUE",
                "berth.yaml|was given \"berth.yaml\"",
                "-f|-f needs a file",
                "--set|--set needs KEY=VALUE",
                "--set logs.files|was given \"logs.files\"",
                "--set logs.file=1|did you mean \"logs.files\"",
                "--set logs.files=1 --set logs.files=2|comes twice",
                "-f a -f b|watches one file"
            })
    void refuses(String line, String words) {
        assertThatThrownBy(() -> Arguments.parse(List.of(line.split(" "))))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(words);
    }

    @Test
    void aFileThatIsNotThereIsToldBeforeAnythingStarts() throws Exception {
        Arguments arguments = Arguments.parse(List.of("-f", "nowhere.yaml"));
        assertThatThrownBy(() -> arguments.file(Map.of(), directory))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(directory.resolve("nowhere.yaml") + " does not exist");
        assertThatThrownBy(() -> Arguments.parse(List.of("-f", "${NOWHERE}/x")).file(Map.of(), directory))
                .hasMessageContaining("names ${NOWHERE}, which is not set");
    }
}
