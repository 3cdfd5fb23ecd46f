package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.host.ProcessTable;
import dev.berth.host.ProcessTable.Entry;
import dev.berth.host.ProcessTableContract;
import dev.berth.model.ProcessRef;
import dev.berth.testing.Children;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProcfsProcessTableTest extends ProcessTableContract {
    @BeforeAll
    static void linux() {
        Tools.requireLinux();
    }

    @Override
    protected ProcessTable create() throws Exception {
        return new ProcfsProcessTable(System::nanoTime);
    }

    @Override
    protected ProcessRef ref(long pid) {
        try {
            return new ProcfsProcessReader(System::nanoTime).identify(pid).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void tellsSessionAndGroup() {
        Process leader = children.start(List.of(Tools.require("setsid").toString(), "sh", "-c", "sleep 1000 & wait"));
        await().until(() -> leader.descendants().findAny().isPresent());
        long child = leader.descendants().findAny().orElseThrow().pid();

        assertThat(entry(child)).hasValueSatisfying(entry -> {
            assertThat(entry.parent()).isEqualTo(leader.pid());
            assertThat(entry.session()).isEqualTo(leader.pid());
            assertThat(entry.group()).isEqualTo(leader.pid());
        });
    }

    @Test
    void anEnvironmentOfAnySizeIsReadToItsEnd() {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            environment.put("FILLER_" + i, "x".repeat(1000));
        }
        environment.put("BERTH_LAUNCH", "launch-3");

        Process child = children.start(Children.IDLE, environment);

        await().until(() -> entry(child.pid())
                .flatMap(Entry::launch)
                .filter("launch-3"::equals)
                .isPresent());
    }

    /** A title that a program gives itself, or another program that it becomes: the marker was seen, and that is remembered. */
    @Test
    void whoseMarkerWasSeenIsOfItsLaunchWhateverItWritesOverIt() throws Exception {
        Children.Ready child = children.startReady(List.of(
                "env", "BERTH_LAUNCH=launch-6", "sh", "-c", "echo ready; read -r line; exec env -i sleep 1000"));
        long pid = child.process().pid();
        // In whole seconds two of them, and one for their beginning.
        Instant settled = Instant.now().plusSeconds(4);
        await().until(() -> Instant.now().isAfter(settled));
        assertThat(entry(pid).flatMap(Entry::launch)).contains("launch-6");

        child.process().getOutputStream().write('\n');
        child.process().getOutputStream().flush();
        await().until(() -> Files.readString(Path.of("/proc/" + pid + "/comm")).equals("sleep\n"));

        assertThat(table().isAnyOf("launch-6")).isTrue();
        Children.end(child.process());
        assertThat(table().isAnyOf("launch-6")).isFalse();
    }

    @Test
    void everyProcessThatTheKernelListsIsThere() throws Exception {
        List<Long> pids =
                table().read().stream().map(entry -> entry.ref().pid()).toList();

        assertThat(pids).doesNotHaveDuplicates().contains(1L);
        assertThat(pids)
                .containsAll(ProcessHandle.current().parent().stream()
                        .map(ProcessHandle::pid)
                        .toList());
    }
}
