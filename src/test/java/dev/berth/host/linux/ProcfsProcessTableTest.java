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
        return new ProcfsProcessTable();
    }

    @Override
    protected ProcessRef ref(long pid) {
        try {
            return new ProcfsProcessReader().identify(pid).orElseThrow();
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
