package dev.berth.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.Tools;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs one of the tests in {@code src/test/shell}, which are programs of their own. */
final class ShellScript {
    /** Far longer than any takes; only one that hangs waits for it. */
    private static final long PATIENCE_SECONDS = 240;

    private static final Path CLONE = Path.of("").toAbsolutePath();

    private ShellScript() {}

    /**
     * Runs it to its end, and fails with its words when it does.
     *
     * @param test its name without directory and {@code .sh}
     * @param shell what the program under test is to run in: {@code dash}, {@code bash} or {@code busybox}
     * @param scratch an empty directory of the test's own
     */
    static void run(String test, String shell, Path scratch, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path program = Tools.require(shell);
        Tools.require("python3");
        Tools.require("curl");
        File log = scratch.resolve("log").toFile();
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        CLONE.resolve("src/test/shell").resolve(test + ".sh").toString())
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log);
        Map<String, String> variables = builder.environment();
        // Nothing of whoever runs the tests reaches the program.
        variables.keySet().removeIf(name -> name.startsWith("BERTH_") || name.equals("PORT"));
        variables.put("SHELL_UNDER_TEST", shell.equals("busybox") ? program + " sh" : program.toString());
        variables.put("BERTH_HOME", CLONE.toString());
        variables.put("SCRATCH", scratch.toString());
        variables.putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            // Its own clean-up ends what it has started.
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }
        assertThat(ended && process.exitValue() == 0)
                .as(() -> test + " in " + shell + ":\n" + words(log.toPath()))
                .isTrue();
    }

    private static String words(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException unreadable) {
            return "nothing is known: " + unreadable.getMessage();
        }
    }
}
