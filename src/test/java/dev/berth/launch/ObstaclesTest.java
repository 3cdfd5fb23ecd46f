package dev.berth.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.berth.model.Command;
import dev.berth.model.Fault;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.User;
import dev.berth.testing.Gen;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is looked for before a start, with real files. */
class ObstaclesTest {
    private static final User ANN = User.of(1000, "ann");

    private static final ServiceKey WEB = ServiceKey.parse("web");

    @TempDir
    Path directory;

    @BeforeEach
    void files() throws Exception {
        Files.writeString(directory.resolve("plain"), "no program");
        executable("program");
        Files.createDirectory(directory.resolve("folder"));
    }

    @Test
    void programsOfTheExecFormAreLookedForAsTheKernelWould() {
        assertThat(exec("sh")).isEmpty();
        assertThat(exec("/bin/sh")).isEmpty();
        assertThat(exec("./program")).isEmpty();
        assertThat(exec("folder/../program")).isEmpty();
        assertThat(exec("program"))
                .as("the working directory is not in the PATH")
                .containsExactly("command not found: \"program\" is not on PATH (2 directories); install it, or"
                        + " write where it is; PATH is /usr/bin:/bin");
        assertThat(exec("./missing"))
                .containsExactly("command not found: " + directory.resolve("missing") + " does not exist");
        assertThat(exec("/bin/sh/x")).containsExactly("command not found: /bin/sh/x does not exist");
        assertThat(exec("./plain"))
                .containsExactly(directory + "/plain is not executable (chmod +x " + directory + "/plain)");
        assertThat(exec("./folder")).containsExactly(directory + "/folder is a directory, not a program");
        assertThat(exec("a\0b")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "missing-program",
                "missing-program --port {port}",
                "exec missing-program",
                "  missing-program && sh",
                "missing-program > out 2> err",
                "missing/program 'x'",
                "./plain"
            })
    void whatAShellWillObviouslyNotFindIsTold(String text) {
        assertThat(shell(text)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sh -c x",
                "exec sh",
                "./program",
                "cd folder && missing-program",
                "X=1 missing-program",
                "$SHELL",
                "\"./my program\"",
                "'missing-program'",
                "~/missing-program",
                "missing-program || sh",
                "missing-program; sh",
                "missing-program | cat",
                "missing-program & sh",
                "(missing-program)",
                "missing-program() { :; }",
                "missing-program\nsh",
                "run-{port}",
                "if true",
                ". ./x",
                "! missing-program",
                "exec 3>x",
                "[ -f x ]",
                "# nothing"
            })
    void theRestIsLeftToTheShell(String text) {
        assertThat(shell(text)).isEmpty();
    }

    /** A text that would work must never be refused; each that is refused is given to a real shell. */
    @Test
    void noTextThatWorksIsHeldBack() {
        Gen.check(3_000, gen -> {
            String text = String.join(
                    "",
                    gen.list(
                            1,
                            6,
                            () -> gen.oneOf(
                                    "missing",
                                    "true",
                                    "false",
                                    "./program",
                                    "./plain",
                                    "exec",
                                    "cd folder",
                                    "X=1",
                                    "test",
                                    "command",
                                    "env",
                                    " ",
                                    " ",
                                    " ",
                                    "&&",
                                    "||",
                                    ";",
                                    "|",
                                    "&",
                                    "!",
                                    "\n",
                                    "#",
                                    ">out",
                                    "2>&1",
                                    "</dev/null",
                                    "'",
                                    "\"",
                                    "\\",
                                    "$X",
                                    "(",
                                    ")",
                                    "{",
                                    "}",
                                    "if",
                                    "then",
                                    "fi",
                                    "[",
                                    "]",
                                    "-v",
                                    "*",
                                    "~",
                                    ":",
                                    "=")));
            if (!text.isBlank() && !shell(text).isEmpty()) {
                assertThat(status(text)).as("sh -c '%s'", text).isNotZero();
            }
        });
    }

    @Test
    void theWorkingDirectoryHasToBeOneThatCanBeEntered() throws Exception {
        assertThat(in("folder")).isEmpty();
        assertThat(in("nowhere")).containsExactly("the working directory " + directory + "/nowhere does not exist");
        assertThat(in("plain")).containsExactly("the working directory " + directory + "/plain is a file");
    }

    @Test
    void permissionsAreToldBeforeTheyAreMissed() throws Exception {
        assumeFalse("root".equals(System.getProperty("user.name")), "root may do everything");
        Files.setPosixFilePermissions(directory.resolve("folder"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(in("folder")).singleElement().asString().contains("may not be entered");
        Files.setPosixFilePermissions(directory.resolve("folder"), PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThat(new LogPlace(() -> 0).obstacle(directory.resolve("folder/a/web.log")))
                .hasValueSatisfying(each ->
                        assertThat(each).contains("check owner and mode of the directory " + directory + "/folder"));
    }

    @Test
    void theLogHasToBeWritable() throws Exception {
        Path log = directory.resolve("logs/ns/web.log");
        assertThat(new LogPlace(() -> 0).obstacle(log))
                .as("directories are made")
                .isEmpty();
        assertThat(new LogPlace(() -> 0).obstacle(directory.resolve("plain")))
                .as("it is appended to")
                .isEmpty();
        assertThat(new LogPlace(() -> 0).obstacle(directory.resolve("folder")))
                .hasValueSatisfying(each -> assertThat(each).contains(directory + "/folder", "no file"));
        assertThat(new LogPlace(() -> 0).obstacle(directory.resolve("plain/web.log")))
                .hasValueSatisfying(each -> assertThat(each).contains(directory + "/plain is no directory"));
    }

    @Test
    void theDirectoryOfLogsIsLookedAtOncePerMoment() throws Exception {
        AtomicLong nanos = new AtomicLong();
        LogPlace place = new LogPlace(nanos::get);
        Path logs = Files.createDirectory(directory.resolve("logs"));
        assertThat(place.obstacle(logs.resolve("web.log"))).isEmpty();

        Files.delete(logs);
        Files.createFile(logs);

        assertThat(place.obstacle(logs.resolve("api.log"))).as("a moment ago").isEmpty();
        assertThat(place.obstacle(directory.resolve("plain/web.log")))
                .as("another directory")
                .isPresent();
        nanos.set(Duration.ofMillis(500).toNanos());
        assertThat(place.obstacle(logs.resolve("api.log"))).isPresent();
        Files.delete(logs);
        assertThat(place.obstacle(logs.resolve("api.log"))).as("it was mended").isEmpty();
    }

    @Test
    void aFullDiskIsTold() {
        Path log = directory.resolve("logs/web.log");
        long free = directory.toFile().getUsableSpace();
        assertThat(new LogPlace(1, () -> 0).obstacle(log)).isEmpty();
        assertThat(new LogPlace(Long.MAX_VALUE, () -> 0).obstacle(log))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .startsWith("the disk of the logs, at " + directory + ", has only ")
                        .contains(" MB left; make room for"));
        assertThat(free).isPositive();
    }

    @Test
    void whatStandsInTheWayOfALogIsToldWithTheRest() {
        Launches elsewhere = launches(directory.resolve("plain"));
        assertThat(elsewhere.unmet(
                        ANN, WEB, spec(new Command.Shell("missing-program")).build(), key -> true))
                .extracting(Fault::field)
                .containsExactly("command", "");
    }

    private int status(String text) {
        try {
            return new ProcessBuilder("/bin/sh", "-c", text)
                    .directory(directory.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void executable(String name) throws Exception {
        Files.createFile(
                directory.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    private List<String> exec(String program) {
        return unmet(spec(new Command.Exec(List.of(program, "x"))));
    }

    private List<String> shell(String text) {
        return unmet(spec(new Command.Shell(text)));
    }

    private List<String> in(String workingDirectory) {
        return unmet(spec(new Command.Exec(List.of("sh"))).workingDirectory(workingDirectory));
    }

    private static ServiceSpec.Builder spec(Command command) {
        return ServiceSpec.builder().command(command);
    }

    private List<String> unmet(ServiceSpec.Builder spec) {
        return launches(directory.resolve("logs")).unmet(ANN, WEB, spec.build(), key -> true).stream()
                .map(Fault::message)
                .toList();
    }

    private Launches launches(Path logs) {
        return new Launches(
                ExecutionContexts.own(() -> Map.of("HOME", directory.toString(), "PATH", "/usr/bin:/bin")),
                logs,
                "inst",
                () -> 0);
    }
}
