package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.host.Neighbour;
import dev.berth.model.PortKey;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CgroupNamesTest {
    @Test
    void theUnifiedHierarchyIsFoundAmongTheMounts() {
        String mounts = """
                cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0
                cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
                """;

        assertThat(CgroupNames.mountPoint(mounts)).contains(Path.of("/sys/fs/cgroup/unified"));
        assertThat(CgroupNames.mountPoint("proc /proc proc rw 0 0\n")).isEmpty();
    }

    @Test
    void aSocketIsToldWithTheGroupItWasMadeIn() throws Exception {
        Tools.requireRoot();
        Optional<Path> mount = CgroupNames.mountPoint(Files.readString(Path.of("/proc/self/mounts")));
        assumeTrue(mount.isPresent(), "this test needs a mounted cgroup2");
        Path group = mount.get().resolve("berth-test-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(group);
        } catch (IOException e) {
            assumeTrue(false, "this test needs a cgroup2 that it may write to: " + e);
        }
        try (SockDiag kernel = new SockDiag()) {
            try (Neighbour neighbour = Neighbour.python("open('" + group
                    + "/cgroup.procs', 'w').write(str(os.getpid())); s = sock(); say(port(s)); end()")) {
                PortKey port = PortKey.tcp(neighbour.hearPort());

                assertThat(kernel.serving(port))
                        .singleElement()
                        .satisfies(socket ->
                                assertThat(new CgroupNames(mount).of(socket)).contains("/" + group.getFileName()));
            }
        } finally {
            Files.delete(group);
        }
    }
}
