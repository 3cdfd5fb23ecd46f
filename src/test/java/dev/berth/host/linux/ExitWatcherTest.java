package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.host.ExitStatus;
import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.host.Rights;
import dev.berth.model.Command;
import dev.berth.model.ProcessRef;
import dev.berth.testing.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExitWatcherTest {
    private final ProcFiles files = new ProcFiles(Path.of("/proc"));

    @TempDir
    Path directory;

    @BeforeEach
    void machine() {
        Tools.requireLinux();
        assumeTrue(SpawnLauncher.isSupported(), "this test needs glibc 2.34 and Linux 5.4");
        assumeTrue(Pidfd.isExitTold(), "this test needs a kernel that tells how others' children ended (Linux 6.15)");
    }

    /** The pid 1 of a container may take seconds to notice. */
    @Test
    void howAStrangerEndedIsToldBeforeItsParentNotices() throws Exception {
        ExitStatuses statuses = new ExitStatuses(true, files);
        try (ExitWatcher watcher = new ExitWatcher(statuses, Integer.MAX_VALUE)) {
            ProcessRef process = startUnreaped();
            CompletableFuture<Optional<ExitStatus>> told = new CompletableFuture<>();
            try (Pidfd reaper = Pidfd.open(process.pid())) {
                watcher.watch(process, Pidfd.open(process.pid()), () -> told.complete(statuses.of(process)));
                reaper.send(15);

                assertThat(told.get(20, TimeUnit.SECONDS)).hasValue(new ExitStatus.Signalled(15));
                reaper.reap();
            }
        }
    }

    /** Where {@code /proc} does not, the kernel tells how a stranger ended once its parent knows, a moment after it ended. */
    @Test
    void anEndIsToldWhenTheParentHasTakenTheStatus() throws Exception {
        ExitStatuses statuses = new ExitStatuses(true, new ProcFiles(directory));
        try (ExitWatcher watcher = new ExitWatcher(statuses, Integer.MAX_VALUE)) {
            ProcessRef process = startUnreaped();
            CompletableFuture<Optional<ExitStatus>> told = new CompletableFuture<>();
            try (Pidfd reaper = Pidfd.open(process.pid())) {
                watcher.watch(process, Pidfd.open(process.pid()), () -> told.complete(statuses.of(process)));
                reaper.send(9);
                await().until(() ->
                        files.stat(process.pid()).found().orElseThrow().isZombie());
                assertThat(watcher.exitStatus(process)).isEmpty();

                reaper.reap();
            }

            assertThat(told.get(20, TimeUnit.SECONDS)).hasValue(new ExitStatus.Signalled(9));
        }
    }

    /** A child of this process for which nothing here waits. */
    private ProcessRef startUnreaped() throws Exception {
        PidfdProcessControl closed = new PidfdProcessControl();
        closed.close();
        return new SpawnLauncher(closed, "/usr/bin:/bin", Optional.empty())
                .launch(new LaunchSpec(
                        new Command.Exec(List.of("sleep", "1000")),
                        directory,
                        Map.of("PATH", "/usr/bin:/bin"),
                        directory.resolve("service.log"),
                        Rights.OWN));
    }
}
