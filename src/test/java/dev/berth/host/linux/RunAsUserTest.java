package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.host.Account;
import dev.berth.host.CommandRunner.Order;
import dev.berth.host.CommandRunner.Ran;
import dev.berth.host.FileView.Kind;
import dev.berth.host.Launcher;
import dev.berth.host.Launcher.LaunchException;
import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.host.Rights;
import dev.berth.host.Signal;
import dev.berth.model.Command;
import dev.berth.model.ProcessRef;
import dev.berth.model.User;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Root runs and reads for users of this machine that exist by their numbers only. */
@Timeout(120)
class RunAsUserTest {
    private static final Account ANN =
            new Account(User.of(70_001, "ann"), 70_011, List.of(70_011L, 70_012L), Path.of("/"), "/bin/sh");
    private static final Account BEN =
            new Account(User.of(70_002, "ben"), 70_021, List.of(70_021L), Path.of("/"), "/bin/sh");
    private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final List<ProcessRef> launched = new ArrayList<>();
    private PidfdProcessControl control;
    private UserSwitch users;

    private enum Way {
        SPAWN,
        SETSID
    }

    @BeforeEach
    void open() throws IOException {
        Tools.requireLinux();
        Tools.requireRoot();
        Tools.require("setpriv");
        Tools.require("prlimit");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        control = new PidfdProcessControl();
        users = UserSwitch.open(System::nanoTime);
    }

    @AfterEach
    void endLaunched() throws Exception {
        for (ProcessRef process : launched) {
            control.signal(process, Set.of(), Signal.SIGKILL);
            awaitEnd(process);
        }
        if (control != null) {
            control.close();
        }
    }

    private void awaitEnd(ProcessRef process) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        control.onExit(process, ended::countDown);
        assertThat(ended.await(20, TimeUnit.SECONDS)).as("%s ended", process).isTrue();
    }

    private Launcher launcher(Way way) throws IOException {
        return way == Way.SPAWN
                ? new SpawnLauncher(control, "/usr/bin:/bin", Optional.of(users))
                : new SetsidLauncher(new ProcfsProcessReader(System::nanoTime), "/usr/bin:/bin", Optional.of(users));
    }

    private Path log() {
        return directory.resolve("logs/ann/web.log");
    }

    private LaunchSpec spec(Command command, Map<String, String> environment, Path where) {
        return new LaunchSpec(command, where, environment, log(), new Rights.Of(ANN));
    }

    /** What the text has said when it has said "done"; its process stays, as a service's does. */
    private List<String> run(Way way, String text, Map<String, String> environment, Path where) throws Exception {
        ProcessRef process = launcher(way)
                .launch(spec(new Command.Shell(text + "; echo done; exec sleep 1000"), environment, where));
        launched.add(process);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Files.readAllLines(log()).contains("done"));
        List<String> lines = Files.readAllLines(log());
        return lines.subList(0, lines.size() - 1);
    }

    private static Map<String, String> status(ProcessRef process) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon), line.substring(colon + 1).strip().replaceAll("\\s+", " "));
        }
        return fields;
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void hasTheUsersIdsAndGroupsAndNoCapability(Way way) throws Exception {
        run(way, ":", PATH, directory);

        ProcessRef process = launched.get(0);
        assertThat(status(process))
                .containsEntry("Name", "sleep")
                .containsEntry("Uid", "70001 70001 70001 70001")
                .containsEntry("Gid", "70011 70011 70011 70011")
                .containsEntry("Groups", "70011 70012")
                .containsEntry("CapInh", "0000000000000000")
                .containsEntry("CapPrm", "0000000000000000")
                .containsEntry("CapEff", "0000000000000000")
                .containsEntry("CapBnd", "0000000000000000")
                .containsEntry("CapAmb", "0000000000000000")
                .containsEntry("NoNewPrivs", "1");
        ProcStat stat = ProcScan.stat(process.pid()).orElseThrow();
        assertThat(stat.session()).as("leads a session").isEqualTo(process.pid());
        assertThat(stat.startTicks()).as("the recorded process became it").isEqualTo(process.startTicks());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void getsExactlyTheEnvironmentAndNothingThatRootHas(Way way) throws Exception {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "PATH", "/usr/bin:/bin",
                "A", "b \"c\" 'd' $e `f`\nline two",
                "LD_PRELOAD", "",
                "OLDPWD", "/declared",
                "BERTH_LAUNCH", "01J",
                "BERTH_SERVICE", "ann/web@inst"));

        List<String> said = run(
                way,
                "tr '\\0' '\\n' </proc/$$/environ | grep -v '^line two$' | sort; umask; ulimit -Sn; pwd; ls -m /proc/self/fd",
                environment,
                directory);

        assertThat(said.stream().filter(line -> !line.matches("(SHLVL|_)=.*")).toList())
                .containsExactly(
                        "A=b \"c\" 'd' $e `f`",
                        "BERTH_LAUNCH=01J",
                        "BERTH_SERVICE=ann/web@inst",
                        "LD_PRELOAD=",
                        "OLDPWD=/declared",
                        "PATH=/usr/bin:/bin",
                        "0022",
                        "1024",
                        directory.toRealPath().toString(),
                        // The last one is how it reads them.
                        "0, 1, 2, 3");
    }

    @Test
    void itsLogIsItsUsersAndNobodyElsesInADirectoryOfRoots() throws Exception {
        run(Way.SPAWN, ":", PATH, directory);

        assertThat(Files.readAttributes(log(), "unix:uid,gid"))
                .containsEntry("uid", 70_001)
                .containsEntry("gid", 70_011);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log().getParent())))
                .isEqualTo("rwxr-xr-x");
        assertThat(Files.getAttribute(log().getParent(), "unix:uid")).isEqualTo(0);
        assertThat(runs(ANN, "cat '" + log() + "'")).isEqualTo(new Ran.Ended(0, "done"));
        assertThat(runs(BEN, "cat '" + log() + "'"))
                .isInstanceOfSatisfying(
                        Ran.Ended.class, ended -> assertThat(ended.lastLine()).contains("Permission denied"));
        assertThat(runs(ANN, "mv '" + log() + "' '" + log() + ".mine'"))
                .isInstanceOfSatisfying(
                        Ran.Ended.class, ended -> assertThat(ended.status()).isNotZero());
    }

    @Test
    void aLogThatCouldLeadElsewhereIsRefused() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "root's");
        Files.createDirectories(log().getParent());
        Files.createSymbolicLink(log(), secret);
        assertRefused("it is no plain file");
        assertThat(Files.getAttribute(secret, "unix:uid")).isEqualTo(0);
        assertThat(secret).hasContent("root's");

        Files.delete(log());
        Files.writeString(log(), "another's");
        Files.setAttribute(log(), "unix:uid", 70_002);
        assertRefused("it belongs to uid 70002, not to ann");

        Files.delete(log());
        Files.setAttribute(log().getParent(), "unix:uid", 70_001);
        assertRefused("belongs to uid 70001, not to root");

        Files.setAttribute(log().getParent(), "unix:uid", 0);
        Files.setPosixFilePermissions(log().getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRefused("can be written by others than root");
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> launcher(Way.SPAWN).launch(spec(new Command.Shell("true"), PATH, directory)))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aDirectoryThatTheUserMayNotEnterIsNotEnteredByRoot() throws Exception {
        Path closed = Files.createDirectory(
                directory.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        ProcessRef process = launcher(Way.SPAWN).launch(spec(new Command.Shell("pwd; ls -la"), PATH, closed));
        awaitEnd(process);

        assertThat(control.exitStatus(process)).hasValue(new dev.berth.host.ExitStatus.Returned(126));
        assertThat(Files.readString(log())).contains("can't cd to " + closed);
    }

    @Test
    void withoutTheSwitchNothingRunsAsAUser() throws Exception {
        Launcher without = new SpawnLauncher(control, "/usr/bin:/bin", Optional.empty());
        assertThatThrownBy(() -> without.launch(spec(new Command.Shell("true"), PATH, directory)))
                .hasMessageContaining("not started to run anything as another user");
        try (SetsidCommands commands =
                new SetsidCommands(control, "/usr/bin:/bin", Optional.empty(), System::nanoTime)) {
            assertThat(commands.run(new Order("id -u", directory, PATH, PATIENCE, new Rights.Of(ANN))))
                    .isInstanceOf(Ran.NotRun.class);
        }
    }

    private Ran runs(Account account, String text) throws IOException {
        try (SetsidCommands commands =
                new SetsidCommands(control, "/usr/bin:/bin", Optional.of(users), System::nanoTime)) {
            return commands.run(new Order(text, directory, PATH, PATIENCE, new Rights.Of(account)));
        }
    }

    @Test
    void aCommandRunsAsTheUserAndWhatItLeavesIsEnded() throws Exception {
        assertThat(runs(ANN, "echo $(id -u) $(id -g) $(id -G) $(pwd)"))
                .isEqualTo(new Ran.Ended(0, "70001 70011 70011 70012 " + directory.toRealPath()));
        Path pid = Files.createFile(directory.resolve("pid"));
        Files.setAttribute(pid, "unix:uid", 70_001);
        assertThat(runs(ANN, "setsid sleep 1000 & echo $! >'" + pid + "'")).isInstanceOf(Ran.Ended.class);
        assertThat(ProcScan.stat(Long.parseLong(Files.readString(pid).strip())).filter(stat -> !stat.isZombie()))
                .isEmpty();
    }

    @Test
    void filesAreSeenWithTheUsersRights() throws Exception {
        FilesAsUser files = new FilesAsUser(users, ANN, System::nanoTime);
        Path open = Files.writeString(directory.resolve("open"), "public");
        Path secret = Files.writeString(directory.resolve("secret"), "root's");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), secret);
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(closed.resolve("inside"), "root's");
        Path groups = Files.writeString(directory.resolve("groups"), "ours");
        Files.setAttribute(groups, "unix:gid", 70_012);
        Files.setPosixFilePermissions(groups, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(files.look(List.of(
                        open,
                        secret,
                        link,
                        closed,
                        closed.resolve("inside"),
                        directory,
                        Path.of("/dev/null"),
                        Path.of("/bin/sh"),
                        directory.resolve("a b\n c"))))
                .containsExactly(
                        Kind.FILE,
                        Kind.FILE,
                        Kind.FILE,
                        Kind.CLOSED_DIRECTORY,
                        Kind.MISSING,
                        Kind.DIRECTORY,
                        Kind.OTHER,
                        Kind.PROGRAM,
                        Kind.MISSING);
        assertThat(text(files.read(open, 100))).isEqualTo("public");
        assertThat(text(files.read(open, 3))).isEqualTo("pub");
        assertThat(text(files.read(groups, 100))).as("by a supplementary group").isEqualTo("ours");
        for (Path refused : List.of(secret, link)) {
            assertThatThrownBy(() -> files.read(refused, 100))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("may not be read by ann");
        }
        assertThatThrownBy(() -> files.read(closed.resolve("inside"), 100)).hasMessage("is not a regular file");
        assertThatThrownBy(() -> files.read(Path.of("/dev/zero"), 100)).hasMessage("is not a regular file");
    }

    @Test
    void aLargeFileIsReadWhole() throws Exception {
        byte[] content = "0123456789abcdef".repeat(60_000).getBytes(StandardCharsets.US_ASCII);
        Path large = Files.write(directory.resolve("large"), content);

        assertThat(new FilesAsUser(users, ANN, System::nanoTime).read(large, 1 << 20))
                .isEqualTo(content);
    }

    @Test
    void aChangedManifestHasAnotherSignature() throws Exception {
        FilesAsUser files = new FilesAsUser(users, ANN, System::nanoTime);
        List<String> names = List.of("package.json", "requirements*.txt");
        assertThat(files.signatures(directory, names)).isEmpty();
        assertThat(files.signatures(directory.resolve("missing"), names)).isEmpty();

        Files.writeString(directory.resolve("package.json"), "{}");
        Files.writeString(directory.resolve("requirements-dev.txt"), "x");
        Files.writeString(directory.resolve("index.js"), "x");
        Map<String, byte[]> before = files.signatures(directory, names);
        assertThat(before).containsOnlyKeys("package.json", "requirements-dev.txt");
        Files.writeString(directory.resolve("package.json"), "{ }");

        Map<String, byte[]> after = files.signatures(directory, names);
        assertThat(after.get("package.json")).isNotEqualTo(before.get("package.json"));
        assertThat(after.get("requirements-dev.txt")).isEqualTo(before.get("requirements-dev.txt"));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
