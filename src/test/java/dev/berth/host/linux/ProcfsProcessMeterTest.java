package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.host.ProcessMeter;
import dev.berth.host.ProcessMeterContract;
import dev.berth.model.ProcessRef;
import dev.berth.testing.Children;
import dev.berth.testing.Tools;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProcfsProcessMeterTest extends ProcessMeterContract {
    @BeforeAll
    static void linux() {
        Tools.requireLinux();
    }

    @Override
    protected ProcessMeter create() throws Exception {
        return new ProcfsProcessMeter();
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
    void whatEndedChildrenUsedIsTheirParents() {
        Children.Ready parent = children.startReady(List.of(
                "sh", "-c", "sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done'; echo ready; exec sleep 1000"));

        await().until(() -> usage(ref(parent.process().pid())).childrenCpu().compareTo(Duration.ofMillis(50)) > 0);
        assertThat(usage(ref(parent.process().pid())).cpu()).isLessThan(Duration.ofMillis(50));
    }

    @Test
    void olderKernelsListTheSameDescriptors() {
        Children.Ready child = children.startReady(List.of("sh", "-c", "echo ready; exec sleep 1000"));
        long pid = child.process().pid();

        // It opens its libraries for a moment after it said that it is ready.
        await().untilAsserted(() -> assertThat(ProcfsProcessMeter.listed(new File("/proc/" + pid + "/fd")))
                .isEqualTo(usage(ref(pid)).openFiles()));
        assertThat(ProcfsProcessMeter.listed(new File("/proc/0/fd"))).isEmpty();
    }
}
