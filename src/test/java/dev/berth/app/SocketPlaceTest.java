package dev.berth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Mode;
import dev.berth.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the socket lies that all users of a machine trust. */
class SocketPlaceTest {
    private static final int SOMEBODY = 61_001;

    @TempDir
    Path base;

    @BeforeEach
    void asOnlyRootDoes() {
        Tools.requireLinux();
        Tools.requireRoot();
    }

    private SocketPlace prepare(Path socket) throws Exception {
        DataDirectory data = DataDirectory.open(
                Mode.SHARED, Map.of("BERTH_DATA_DIR", base.resolve("data").toString()), base);
        try {
            return SocketPlace.prepare(Mode.SHARED, Map.of("BERTH_SOCKET", socket.toString()), data);
        } finally {
            data.lock().orElseThrow().release();
        }
    }

    @Test
    void isMadeWhereOnlyRootCanChangeIt() throws Exception {
        SocketPlace place = prepare(base.resolve("run/deep/berth.sock"));
        assertThat(place.path()).hasValue(base.resolve("run/deep/berth.sock"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(base.resolve("run/deep"))))
                .isEqualTo("rwxr-xr-x");
        place.lock().orElseThrow().release();
    }

    /** The directory itself is root's, and its owner's owner would move it away and make another one. */
    @Test
    void aDirectoryBelowSomebodysIsRefused() throws Exception {
        Path anns = Files.createDirectory(base.resolve("anns"));
        Files.createDirectory(anns.resolve("run"));
        Files.setAttribute(anns, "unix:uid", SOMEBODY);
        assertThatThrownBy(() -> prepare(anns.resolve("run/berth.sock")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(anns + " belongs to uid " + SOMEBODY)
                .hasMessageContaining("BERTH_SOCKET");
    }

    @Test
    void aDirectoryBelowOneThatOthersWriteToIsRefused() throws Exception {
        Path open = Files.createDirectory(base.resolve("open"));
        Files.createDirectory(open.resolve("run"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> prepare(open.resolve("run/berth.sock")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(open + " can be written by others");
    }

    /** Somebody's link could lead elsewhere tomorrow: Berth listens, and tells clients, where the directory is. */
    @Test
    void aLinkIsTakenForWhatItLeadsTo() throws Exception {
        Path real = Files.createDirectory(base.resolve("real"));
        Path link = Files.createSymbolicLink(base.resolve("link"), real);
        SocketPlace place = prepare(link.resolve("berth.sock"));
        assertThat(place.path()).hasValue(real.resolve("berth.sock"));
        place.lock().orElseThrow().release();
    }
}
