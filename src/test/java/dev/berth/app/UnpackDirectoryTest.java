package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems that are read-only or noexec are mounted by ContainerIT; here a directory that is not there stands for them. */
class UnpackDirectoryTest {
    @TempDir
    Path directory;

    private Path missing;

    @BeforeEach
    void name() {
        missing = directory.resolve("missing");
    }

    private DataDirectory data() throws Exception {
        DataDirectory data = DataDirectory.open(
                Mode.SINGLE, Map.of("BERTH_DATA_DIR", directory.resolve("data").toString()), directory);
        SocketPlace.prepare(Mode.SINGLE, Map.of(), data);
        return data;
    }

    @Test
    void theSystemsTemporaryDirectoryIsUsedWhereItWillDo() throws Exception {
        assertThat(UnpackDirectory.choose(data(), directory).properties()).isEmpty();
        try (var left = Files.list(directory)) {
            assertThat(left).as("the probe is taken away").containsExactly(directory.resolve("data"));
        }
    }

    @Test
    void elseOneInTheDataDirectoryWithoutWhatAKilledDaemonLeft() throws Exception {
        DataDirectory data = data();
        Path old = directory.resolve("data/run/unpacked/vertx-cache/old");
        Files.createDirectories(old);
        Files.createFile(old.resolve("library.so"));

        Map<String, String> properties = UnpackDirectory.choose(data, missing).properties();

        Path unpacked = directory.resolve("data/run/unpacked");
        assertThat(properties)
                .containsEntry("jna.tmpdir", unpacked.toString())
                .containsEntry("org.sqlite.tmpdir", unpacked.toString())
                .containsEntry("io.netty.native.workdir", unpacked.toString())
                .containsEntry(
                        "quarkus.vertx.cache-directory",
                        unpacked.resolve("vertx-cache").toString());
        assertThat(unpacked).isEmptyDirectory();
    }

    @Test
    void withNeitherTheStartIsRefusedAndSaysWhatToMount() throws Exception {
        DataDirectory memory = DataDirectory.open(Mode.SINGLE, Map.of(), directory);

        assertThatThrownBy(() -> UnpackDirectory.choose(memory, missing))
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll(missing.toString(), "tmpfs", "exec", "BERTH_DATA_DIR");
    }
}
