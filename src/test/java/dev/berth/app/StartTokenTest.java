package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTokenTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path directory;

    @Test
    void aFileHoldsIt() throws Exception {
        Files.writeString(directory.resolve("secret"), TOKEN + "\r\nanother line\n");
        Map<String, String> environment =
                StartToken.withFile(Map.of("BERTH_TOKEN_FILE", "secret", "HOME", "/home/ann"), directory);
        assertThat(environment).containsEntry("BERTH_TOKEN", TOKEN).containsEntry("HOME", "/home/ann");
        assertThat(StartToken.isGiven(environment)).isTrue();
    }

    @Test
    void theVariableItselfComesFirst() throws Exception {
        Map<String, String> both = Map.of("BERTH_TOKEN", TOKEN, "BERTH_TOKEN_FILE", "nowhere");
        assertThat(StartToken.withFile(both, directory)).isEqualTo(both);
        assertThat(StartToken.withFile(Map.of(), directory)).isEmpty();
    }

    @Test
    void aFileWithoutOneIsRefusedWithoutShowingWhatIsInIt() throws Exception {
        Files.writeString(directory.resolve("empty"), "\n" + TOKEN + "\n");
        assertThatThrownBy(() -> StartToken.withFile(Map.of("BERTH_TOKEN_FILE", "empty"), directory))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("whose first line is empty")
                .hasMessageNotContaining(TOKEN);
        assertThatThrownBy(() -> StartToken.withFile(Map.of("BERTH_TOKEN_FILE", "missing"), directory))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("missing", "can't be read");
    }
}
