package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.host.ExitStatus;
import dev.berth.host.Launcher;
import dev.berth.host.ProcessControl.Liveness;
import dev.berth.host.Rights;
import dev.berth.host.Signal;
import dev.berth.model.Command;
import dev.berth.model.ProcessRef;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpawnLauncherTest extends RealLauncherContract {
    private static final int SIGWINCH = 28;
    private static final long SIG_IGN = 1;

    private final ProcFiles files = new ProcFiles(Path.of("/proc"));

    @Override
    Launcher create(PidfdProcessControl control, ProcfsProcessReader reader, String path) throws Exception {
        assumeTrue(SpawnLauncher.isSupported(), "this test needs glibc 2.34 and Linux 5.4");
        return new SpawnLauncher(control, path, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 3, 3", "exit 255, 255"})
    void whatItReturnedIsKnownWhenItsEndIsTold(String text, int status) throws Exception {
        ProcessRef process = launcher().launch(spec(new Command.Shell(text), PATH));

        assertThat(statusAtEnd(process)).hasValue(new ExitStatus.Returned(status));
    }

    @Test
    void theSignalThatEndedItIsKnownWhenItsEndIsTold() throws Exception {
        ProcessRef process = launcher().launch(spec(new Command.Exec(List.of("sleep", "1000")), PATH));
        assertThat(control().exitStatus(process)).isEmpty();

        control().signal(process, Set.of(), Signal.SIGKILL);

        assertThat(statusAtEnd(process)).hasValue(new ExitStatus.Signalled(9));
    }

    /** Even of a program that ended before anybody looked the identity and the status are right. */
    @Test
    void aProgramThatEndsAtOnceWasStartedAllTheSame() throws Exception {
        List<ProcessRef> ended = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ended.add(launcher().launch(spec(new Command.Exec(List.of("/bin/sh", "-c", "exit 7")), PATH)));
        }

        assertThat(ended).doesNotHaveDuplicates();
        for (ProcessRef process : ended) {
            assertThat(statusAtEnd(process)).hasValue(new ExitStatus.Returned(7));
            assertThat(control().liveness(process)).isEqualTo(Liveness.GONE);
        }
    }

    /** The planner asks as soon as it sees the end, which may be before anybody was told. */
    @Test
    void theStatusIsKnownAsSoonAsTheEndCanBeSeen() throws Exception {
        for (int i = 0; i < 50; i++) {
            ProcessRef process = launcher().launch(spec(new Command.Exec(List.of("/bin/sh", "-c", "exit 7")), PATH));
            while (control().liveness(process) != Liveness.GONE) {
                Thread.onSpinWait();
            }
            assertThat(control().exitStatus(process)).hasValue(new ExitStatus.Returned(7));
        }
    }

    @Test
    void nobodyHasToWatchForItsPidToBeFreed() throws Exception {
        ProcessRef process = launcher().launch(spec(new Command.Shell("exit 4"), PATH));

        await().until(() -> files.stat(process.pid()) instanceof ProcFiles.Reading.Gone);
        assertThat(control().exitStatus(process)).hasValue(new ExitStatus.Returned(4));
    }

    private Optional<ExitStatus> statusAtEnd(ProcessRef process) throws Exception {
        AtomicReference<Optional<ExitStatus>> status = new AtomicReference<>(Optional.empty());
        CountDownLatch told = new CountDownLatch(1);
        control().onExit(process, () -> {
            status.set(control().exitStatus(process));
            told.countDown();
        });
        assertThat(told.await(20, TimeUnit.SECONDS)).as("%s ended", process).isTrue();
        return status.get();
    }

    @Test
    void inheritsNoIgnoredAndNoBlockedSignal() throws Exception {
        long before = SpawnCalls.Glibc.signal(SIGWINCH, SIG_IGN);
        try {
            ProcessRef process = launcher().launch(spec(new Command.Exec(List.of("sleep", "1000")), PATH));
            describe(process);

            assertThat(Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")))
                    .contains("SigIgn:\t0000000000000000", "SigBlk:\t0000000000000000");
        } finally {
            SpawnCalls.Glibc.signal(SIGWINCH, before);
        }
    }

    @Test
    void theLogIsItsOwnersOnly() throws Exception {
        launcher().launch(spec(new Command.Exec(List.of("sleep", "1000")), PATH));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log())))
                .isEqualTo("rw-------");
    }

    @Test
    void textsAreHandedOverAsTheyAre() throws Exception {
        ProcessRef process = launcher()
                .launch(spec(
                        new Command.Exec(
                                List.of("/bin/sh", "-c", "printf '%s|' \"$@\" \"$V\"", "sh", "", "a b", "é€", "\n")),
                        Map.of("V", "ü=1")));
        statusAtEnd(process);

        assertThat(log()).content().isEqualTo("|a b|é€|\n|ü=1|");
    }

    @Test
    void whatTheKernelRefusesIsToldInWords() throws Exception {
        Command noFirstLine =
                new Command.Exec(List.of(executable("plain", "echo hello\n").toString()));
        Command noInterpreter = new Command.Exec(
                List.of(executable("lost", "#!/no/such/interpreter\n").toString()));
        Path busy = directory.resolve("busy");
        Files.copy(Path.of("/bin/sleep"), busy);

        assertRefused(spec(noFirstLine, PATH), "a script needs a first line such as #!/bin/sh");
        assertRefused(spec(noInterpreter, PATH), "the interpreter in its first line (#!)");
        assertRefused(
                spec(new Command.Exec(List.of("sleep", "1".repeat(200_000))), PATH), "more than the kernel takes");
        assertRefused(
                new Launcher.LaunchSpec(new Command.Shell("true"), directory, PATH, directory, Rights.OWN),
                "the log " + directory + " can't be written");
        try (OutputStream writing = new FileOutputStream(busy.toFile(), true)) {
            assertRefused(spec(new Command.Exec(List.of("./busy", "1000")), PATH), "open for writing");
            writing.flush();
        }
    }

    private Path executable(String name, String text) throws Exception {
        Path file = Files.writeString(directory.resolve(name), text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @Test
    void aProcessWhoseIdentityCannotBeToldIsNotLeftBehind() throws Exception {
        SpawnLauncher blind = new SpawnLauncher(control(), "/usr/bin:/bin", Optional.empty(), pid -> Optional.empty());
        Command command = new Command.Shell("echo $$; exec sleep 1000");

        assertRefused(blind, spec(command, PATH), "could not be told which process it is");

        String here = directory.toRealPath().toString();
        assertThat(ProcessHandle.current().children())
                .noneMatch(child ->
                        files.link(child.pid(), "cwd").filter(here::equals).isPresent());
        // Those of others are zombies for a moment only.
        await().until(() -> ProcessHandle.current()
                .children()
                .noneMatch(child -> files.stat(child.pid())
                        .found()
                        .filter(ProcStat::isZombie)
                        .isPresent()));
    }

    @Test
    void withoutAShellItSaysSo() throws Exception {
        SpawnLauncher without = new SpawnLauncher(control(), directory.toString(), Optional.empty());

        assertRefused(without, spec(new Command.Shell("true"), PATH), "\"sh\"");
    }
}
