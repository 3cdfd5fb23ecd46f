package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.berth.host.CommandRunner.Order;
import dev.berth.host.CommandRunner.Ran;
import dev.berth.host.Rights;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetsidCommandsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(500);

    @TempDir
    Path directory;

    private PidfdProcessControl control;
    private SetsidCommands commands;

    @BeforeEach
    void open() throws IOException {
        Tools.requireLinux();
        Tools.require("setsid");
        control = new PidfdProcessControl();
        commands = new SetsidCommands(control, System.getenv("PATH"), Optional.empty(), System::nanoTime);
    }

    @AfterEach
    void close() {
        commands.close();
        control.close();
    }

    private Ran run(String text, Duration limit) {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", System.getenv("PATH"), "GREETING", "good day"));
        return assertTimeoutPreemptively(
                PATIENCE.plus(limit), () -> commands.run(new Order(text, directory, environment, limit, Rights.OWN)));
    }

    /** The pids that a command has written, one per file. */
    private List<Long> pids(int count) throws IOException {
        Awaitility.await().atMost(PATIENCE).until(() -> written().size() >= count);
        return written();
    }

    private List<Long> written() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".pid"))
                    .map(file -> {
                        try {
                            return Files.readString(file).strip();
                        } catch (IOException e) {
                            return "";
                        }
                    })
                    .filter(text -> !text.isEmpty())
                    .map(Long::parseLong)
                    .toList();
        }
    }

    private static void assertGone(List<Long> pids) {
        ProcFiles files = new ProcFiles(Path.of("/proc"));
        // A zombie is gone; its parent, init, takes it in its own time.
        assertThat(pids)
                .allSatisfy(pid -> assertThat(files.stat(pid).found().filter(stat -> !stat.isZombie()))
                        .isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exit 0                                       | 0   | ''
            exit 7                                       | 7   | ''
            echo first; echo last                        | 0   | last
            echo well; echo not well >&2; exit 1         | 1   | not well
            printf 'no end of line'                      | 0   | no end of line
            printf 'line/n/n   /n'                       | 0   | line
            kill -9 $$                                   | 137 | ''
            echo $GREETING                               | 0   | good day
            cat; echo nothing to read                    | 0   | nothing to read
            """)
    void tellsHowItEndedAndWhatItSaidLast(String text, int status, String line) {
        assertThat(run(text.replace("/n", "\\n"), PATIENCE)).isEqualTo(new Ran.Ended(status, line));
    }

    @Test
    void aCommandThatIsNotThereIsTheShellsToTell() {
        assertThat(run("no-such-command-here", PATIENCE)).isInstanceOfSatisfying(Ran.Ended.class, ended -> {
            assertThat(ended.status()).isEqualTo(127);
            assertThat(ended.lastLine()).contains("no-such-command-here").contains("not found");
        });
    }

    @Test
    void runsInItsDirectoryAndInASessionOfItsOwn() throws IOException {
        assertThat(run("pwd", PATIENCE))
                .isEqualTo(new Ran.Ended(0, directory.toRealPath().toString()));
        assertThat(run("echo $(ps -o sid= -p $$) $$", PATIENCE)).isInstanceOfSatisfying(Ran.Ended.class, ended -> {
            String[] both = ended.lastLine().split(" ");
            assertThat(both[0]).isEqualTo(both[1]);
        });
    }

    @Test
    void aMissingDirectoryIsToldBeforehand() {
        Ran ran = commands.run(new Order("true", directory.resolve("gone"), Map.of(), PATIENCE, Rights.OWN));
        assertThat(ran)
                .isInstanceOfSatisfying(
                        Ran.NotRun.class,
                        not -> assertThat(not.reason()).contains(directory.resolve("gone") + " does not exist"));
    }

    @Test
    void aLongStoryStopsNobodyAndIsNotKept() {
        assertThat(run("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo done", PATIENCE))
                .isEqualTo(new Ran.Ended(0, "done"));
    }

    @Test
    void oneThatNeverStopsTalkingIsEnded() {
        assertThat(run("yes", SHORT)).isEqualTo(new Ran.TimedOut());
    }

    @Test
    void atTheLimitNothingOfItIsLeft() throws IOException {
        // Children that ignore SIGTERM, in the background, in a group of their own, and in a session of their own.
        String text = """
                trap '' TERM
                sh -c 'trap "" TERM; echo $$ > child.pid; while :; do sleep 1; done' &
                set -m; sh -c 'trap "" TERM; echo $$ > group.pid; while :; do sleep 1; done' &
                setsid sh -c 'trap "" TERM; echo $$ > session.pid; exec sleep 1000' > /dev/null 2>&1 &
                echo $$ > leader.pid
                wait; wait; wait; sleep 1000
                """;
        CompletableFuture<Ran> ran = CompletableFuture.supplyAsync(() -> run(text, Duration.ofSeconds(3)));
        List<Long> pids = pids(4);
        assertThat(ran.join()).isEqualTo(new Ran.TimedOut());
        assertGone(pids);
    }

    @Test
    void whatACommandLeavesBehindIsEndedThoughItEndedWell() throws IOException {
        // By its session, and by its mark: one has lost the mark, the other has left the session.
        String text = """
                env -i sh -c 'echo $$ > unmarked.pid; exec sleep 1000' &
                setsid sh -c 'echo $$ > session.pid; exec sleep 1000' > /dev/null 2>&1 &
                until [ -s unmarked.pid ] && [ -s session.pid ]; do :; done
                echo well
                """;
        assertThat(run(text, PATIENCE)).isEqualTo(new Ran.Ended(0, "well"));
        assertGone(pids(2));
    }

    @Test
    void aCloseEndsWhatStillRuns() throws Exception {
        CompletableFuture<Ran> ran =
                CompletableFuture.supplyAsync(() -> run("echo $$ > leader.pid; sleep 1000", Duration.ofMinutes(5)));
        List<Long> pids = pids(1);
        commands.close();
        assertGone(pids);
        assertThat(ran.get(20, TimeUnit.SECONDS)).isNotEqualTo(new Ran.Ended(0, ""));
        assertThat(run("true", PATIENCE)).isEqualTo(new Ran.TimedOut());
    }
}
