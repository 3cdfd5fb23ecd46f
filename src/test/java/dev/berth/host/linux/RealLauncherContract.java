package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.host.Launcher;
import dev.berth.host.LauncherContract;
import dev.berth.host.Rights;
import dev.berth.host.Signal;
import dev.berth.model.Command;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on processes of this machine. */
abstract class RealLauncherContract extends LauncherContract {
    static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

    @TempDir
    Path directory;

    private final List<ProcessRef> launched = new ArrayList<>();
    private ProcfsProcessReader reader;
    private PidfdProcessControl control;
    private Launcher launcher;

    /** The launcher under test; for programs of its own it looks in these directories. */
    abstract Launcher create(PidfdProcessControl control, ProcfsProcessReader reader, String path) throws Exception;

    @BeforeEach
    void open() throws Exception {
        Tools.requireLinux();
        reader = new ProcfsProcessReader(System::nanoTime);
        control = new PidfdProcessControl();
        launcher = create(control, reader, "/usr/bin:/bin");
    }

    final PidfdProcessControl control() {
        return control;
    }

    @AfterEach
    void endLaunched() throws Exception {
        for (ProcessRef process : launched) {
            control.signal(process, Set.of(), Signal.SIGKILL);
            awaitEnd(process);
        }
        control.close();
    }

    @Override
    protected Launcher launcher() {
        return spec -> {
            ProcessRef process = launcher.launch(spec);
            launched.add(process);
            return process;
        };
    }

    @Override
    protected Path workingDirectory() {
        return directory;
    }

    @Override
    protected Optional<ProcessFacts> describe(ProcessRef process) {
        // Exec gives it its name first, then its arguments, then its environment.
        Optional<ProcessFacts> facts = reader.read(process.pid());
        while (facts.isPresent()
                && (!facts.get().comm().equals("sleep")
                        || facts.get().commandLine().isEmpty())) {
            Thread.onSpinWait();
            facts = reader.read(process.pid());
        }
        return facts.flatMap(settled -> reader.read(process.pid()));
    }

    @Test
    void leadsASessionOfItsOwnInItsDirectory() throws Exception {
        ProcessRef process = launcher().launch(spec(new Command.Exec(List.of("sleep", "1000")), PATH));

        ProcessFacts facts = describe(process).orElseThrow();
        assertThat(facts.session()).isEqualTo(process.pid());
        assertThat(facts.processGroup()).isEqualTo(process.pid());
        assertThat(facts.workingDirectory()).hasValue(directory.toRealPath().toString());
    }

    @Test
    void getsItsEnvironmentExactlyAndItsOutputIsAppended() throws Exception {
        Files.writeString(log(), "before\n");

        List<String> said = runShell("read -r line; echo \"read '$line'\"; /usr/bin/env | sort; echo oops >&2");

        assertThat(said.stream().filter(line -> !line.matches("(PWD|SHLVL|OLDPWD|_)=.*")))
                .containsExactly("before", "read ''", "A=b c", "PATH=/usr/bin:/bin", "oops");
    }

    @Test
    void theShellFormIsOneTextForTheShell() throws Exception {
        assertThat(runShell("for i in 1 2; do echo \"$i $A\"; done")).containsExactly("1 b c", "2 b c");
    }

    /** What stands in the log when the text has been run; the process stays, as a service does. */
    final List<String> runShell(String text) throws Exception {
        Command command = new Command.Shell(text + "; echo done; exec sleep 1000");
        assertThat(describe(launcher().launch(spec(command, Map.of("PATH", "/usr/bin:/bin", "A", "b c")))))
                .isPresent();
        List<String> lines = Files.readAllLines(log());
        assertThat(lines).last().isEqualTo("done");
        return lines.subList(0, lines.size() - 1);
    }

    final Path log() {
        return directory.resolve("service.log");
    }

    @Test
    void whatCannotStartIsToldInWords() throws Exception {
        Path plain = Files.writeString(directory.resolve("plain"), "no program");

        assertRefused(
                spec(new Command.Exec(List.of("no-such-program", "x")), PATH),
                "command not found: \"no-such-program\"");
        assertRefused(spec(new Command.Exec(List.of("./missing")), PATH), "missing does not exist");
        assertRefused(spec(new Command.Exec(List.of("./plain")), PATH), "plain is not executable");
        assertRefused(spec(new Command.Exec(List.of(directory.toString())), PATH), "is a directory");
        Command sleep = new Command.Exec(List.of("sleep", "1000"));
        assertRefused(
                new Launcher.LaunchSpec(sleep, directory.resolve("nowhere"), PATH, log(), Rights.OWN),
                "nowhere does not exist");
        assertRefused(new Launcher.LaunchSpec(sleep, plain, PATH, log(), Rights.OWN), "plain is a file");
        assertRefused(
                new Launcher.LaunchSpec(sleep, directory, PATH, plain.resolve("service.log"), Rights.OWN),
                "service.log can't be written");
    }

    @Test
    void whatTheKernelWouldCutOffIsRefused() {
        Command sleep = new Command.Exec(List.of("sleep", "1000"));

        assertRefused(spec(new Command.Exec(List.of("sleep", "1\0000")), PATH), "NUL");
        assertRefused(spec(sleep, Map.of("PATH", "/usr/bin:/bin", "A", "b\0c")), "variable A contains a NUL");
        assertRefused(spec(sleep, Map.of("PATH", "/usr/bin:/bin", "A=B", "c")), "\"A=B\" can't be the name");
    }

    @Test
    void relativeDirectoriesOfThePathAreThoseOfTheService() throws Exception {
        Path tools = Files.createDirectory(directory.resolve("tools"));
        Files.createSymbolicLink(tools.resolve("nap"), Path.of("/bin/sleep").toRealPath());

        ProcessRef process = launcher().launch(spec(new Command.Exec(List.of("nap", "1000")), Map.of("PATH", "tools")));

        assertThat(process.pid()).isPositive();
        assertThat(log()).isEmptyFile();
    }

    @Test
    void inheritsNoDescriptor() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProcessRef process = launcher().launch(spec(new Command.Exec(List.of("sleep", "1000")), PATH));
            describe(process);

            assertThat(socket.isBound()).isTrue();
            String output = log().toRealPath().toString();
            // A program that was just started has its libraries open for a moment.
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(descriptors(process))
                            .isEqualTo(Map.of("0", "/dev/null", "1", output, "2", output)));
        }
    }

    private static Map<String, String> descriptors(ProcessRef process) throws IOException {
        Map<String, String> targets = new TreeMap<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                targets.put(
                        descriptor.getFileName().toString(),
                        Files.readSymbolicLink(descriptor).toString());
            }
        }
        return targets;
    }

    @Test
    void theDirectoryOfTheLogIsMadeForTheOwnerOnly() throws Exception {
        Path log = directory.resolve("logs/default/service.log");

        launcher()
                .launch(new Launcher.LaunchSpec(
                        new Command.Exec(List.of("sleep", "1000")), directory, PATH, log, Rights.OWN));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log.getParent())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(log.getParent().getParent())))
                .isEqualTo("rwx------");
    }

    final void awaitEnd(ProcessRef process) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        control.onExit(process, ended::countDown);
        assertThat(ended.await(20, TimeUnit.SECONDS)).as("%s ended", process).isTrue();
    }
}
