package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileHeadTest {
    private static final int BLOCK = 64 * 1024;

    @TempDir
    Path directory;

    @BeforeEach
    void linux() {
        Tools.requireLinux();
    }

    @Test
    void takesTheHeadOfAFileWithAnOddNameAndNothingElse() throws IOException {
        Path file = directory.resolve("name with odd $spaces'.log");
        Files.writeString(file, "a".repeat(BLOCK) + "the rest");
        assumeTrue(
                FileHead.collapse(file, BLOCK),
                "this test needs a file system that takes heads away (ext4, xfs) under the temporary directory");
        assertThat(file).hasContent("the rest");
    }

    @Test
    void whatCantBeDoneChangesNothing() throws IOException {
        Path file = Files.writeString(directory.resolve("small.log"), "a".repeat(BLOCK) + "the rest");
        assertThat(FileHead.collapse(file, 100)).as("not a whole block").isFalse();
        assertThat(FileHead.collapse(file, BLOCK + 8)).as("all of it").isFalse();
        assertThat(Files.size(file)).isEqualTo(BLOCK + 8);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path file = directory.resolve("missing.log");
        assertThatThrownBy(() -> FileHead.collapse(file, BLOCK))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing.log")
                .hasMessageContaining("ENOENT");
    }
}
