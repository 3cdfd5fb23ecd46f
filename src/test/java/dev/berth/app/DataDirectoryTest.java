package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path base;

    @Test
    void isMadeForItsOwnerOnly() throws Exception {
        DataDirectory data = DataDirectory.open(Mode.SINGLE, Map.of("BERTH_DATA_DIR", "some/where"), base);
        SocketPlace.prepare(Mode.SINGLE, Map.of(), data);
        assertThat(data.jdbcUrl()).startsWith("jdbc:sqlite:").contains("synchronous=FULL");
        Path directory = data.path().orElseThrow();
        assertThat(directory).isEqualTo(base.resolve("some/where"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("berth.db"))))
                .isEqualTo("rw-------");
        data.lock().orElseThrow().release();
    }

    @Test
    void aSecondDaemonOnItIsRefusedAndToldWhatToDo() throws Exception {
        DataDirectory first = DataDirectory.open(Mode.SINGLE, Map.of("BERTH_DATA_DIR", "d"), base);
        assertThatThrownBy(() -> DataDirectory.open(Mode.SINGLE, Map.of("BERTH_DATA_DIR", "d"), base))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("another Berth")
                .hasMessageContaining("BERTH_DATA_DIR");
        first.lock().orElseThrow().release();
    }

    @Test
    void whatCannotBeMadeFallsBackToMemoryAndSaysWhy() throws Exception {
        Path file = Files.writeString(base.resolve("file"), "in the way");
        DataDirectory data = DataDirectory.open(
                Mode.SINGLE, Map.of("BERTH_DATA_DIR", file.resolve("below").toString()), base);
        assertThat(data.path()).isEmpty();
        assertThat(data.trouble()).hasValueSatisfying(words -> assertThat(words).contains(file.toString()));
        assertThat(data.jdbcUrl()).contains("mode=memory");
    }
}
