package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.Launcher;
import dev.berth.host.LauncherContract;
import dev.berth.host.Signal;
import dev.berth.model.Command;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetsidLauncherTest extends LauncherContract {
    private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

    @TempDir
    Path directory;

    private final List<ProcessRef> launched = new ArrayList<>();
    private ProcfsProcessReader reader;
    private PidfdProcessControl control;
    private SetsidLauncher setsid;

    @BeforeEach
    void create() throws Exception {
        Tools.requireLinux();
        Tools.require("setsid");
        reader = new ProcfsProcessReader();
        control = new PidfdProcessControl();
        setsid = new SetsidLauncher(reader, "/usr/bin:/bin");
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
            ProcessRef process = setsid.launch(spec);
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
        Optional<ProcessFacts> facts = reader.read(process.pid());
        while (facts.isPresent() && !facts.get().comm().equals("sleep")) {
            Thread.onSpinWait();
            facts = reader.read(process.pid());
        }
        return facts;
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
    private List<String> runShell(String text) throws Exception {
        Command command = new Command.Shell(text + "; echo done; exec sleep 1000");
        assertThat(describe(launcher().launch(spec(command, Map.of("PATH", "/usr/bin:/bin", "A", "b c")))))
                .isPresent();
        List<String> lines = Files.readAllLines(log());
        assertThat(lines).last().isEqualTo("done");
        return lines.subList(0, lines.size() - 1);
    }

    private Path log() {
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
                new Launcher.LaunchSpec(sleep, directory.resolve("nowhere"), PATH, log()), "nowhere does not exist");
        assertRefused(new Launcher.LaunchSpec(sleep, plain, PATH, log()), "plain is a file");
        assertRefused(
                new Launcher.LaunchSpec(sleep, directory, PATH, plain.resolve("service.log")),
                "service.log can't be written");
    }

    @Test
    void withoutItsOwnToolsItSaysWhichIsMissing() {
        setsid = new SetsidLauncher(reader, directory.toString());

        assertRefused(spec(new Command.Shell("true"), PATH), "\"setsid\"");
    }

    private void awaitEnd(ProcessRef process) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        control.onExit(process, ended::countDown);
        assertThat(ended.await(20, TimeUnit.SECONDS)).as("%s ended", process).isTrue();
    }
}
