package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Mode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataDirectoryPathTest {
    private static final Path BASE = Path.of("/base");

    @Test
    void aNamedDirectoryWinsAndMayBeRelativeOrUseHomeAndVariables() {
        Map<String, String> home = Map.of("HOME", "/home/ann", "XDG_STATE_HOME", "/x", "SUB", "deep er");
        assertThat(resolve(home, "state")).isEqualTo(Path.of("/base/state"));
        assertThat(resolve(home, "~/b")).isEqualTo(Path.of("/home/ann/b"));
        assertThat(resolve(home, "${HOME}/${SUB}/../b")).isEqualTo(Path.of("/home/ann/b"));
    }

    @Test
    void elseTheStateDirectoryElseTheHomeDirectory() {
        assertThat(DataDirectoryPath.resolve(Mode.SINGLE, Map.of("XDG_STATE_HOME", "/state", "HOME", "/h"), BASE))
                .contains(Path.of("/state/berth"));
        assertThat(DataDirectoryPath.resolve(Mode.SINGLE, Map.of("XDG_STATE_HOME", "relative", "HOME", "/h"), BASE))
                .contains(Path.of("/h/.local/state/berth"));
        assertThat(DataDirectoryPath.resolve(Mode.SINGLE, Map.of(), BASE)).isEmpty();
    }

    @Test
    void aWholeMachinesStateIsNotInTheHomeOfWhoStartsIt() {
        assertThat(DataDirectoryPath.resolve(Mode.SHARED, Map.of("XDG_STATE_HOME", "/state", "HOME", "/root"), BASE))
                .contains(Path.of("/var/lib/berth"));
        assertThat(DataDirectoryPath.resolve(Mode.SHARED, Map.of("BERTH_DATA_DIR", "here"), BASE))
                .contains(Path.of("/base/here"));
    }

    @Test
    void aVariableThatIsNotSetIsNamed() {
        assertThatThrownBy(() -> resolve(Map.of(), "${NOWHERE}/b")).hasMessageContaining("${NOWHERE}");
    }

    private static Path resolve(Map<String, String> environment, String named) {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("BERTH_DATA_DIR", named);
        return DataDirectoryPath.resolve(Mode.SINGLE, all, BASE).orElseThrow();
    }
}
