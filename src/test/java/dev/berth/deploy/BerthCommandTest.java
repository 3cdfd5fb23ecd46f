package dev.berth.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code deploy/bin/berth} before there is a daemon: in the shells people have, called from where people are. */
class BerthCommandTest {

    private static final Path BERTH = Path.of("deploy/bin/berth").toAbsolutePath();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox"})
    void worksThroughALinkFromAnotherDirectoryWithSpaces(String shell) throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("some where"));
        Path first = Files.createSymbolicLink(directory.resolve("first link"), BERTH);
        Path second = Files.createSymbolicLink(elsewhere.resolve("second link"), Path.of("../first link"));

        Answer answer = run(shell, second, elsewhere, Map.of(), "version");

        // The temporary directory's clean-up warns about links that lead out of it.
        Files.delete(second);
        Files.delete(first);
        assertThat(answer.status()).isZero();
        assertThat(answer.words()).startsWith("berth 0.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox"})
    void anUnknownVerbIsNamed(String shell) throws Exception {
        Answer answer = run(shell, BERTH, directory, Map.of(), "sevre");

        assertThat(answer.status()).isEqualTo(2);
        assertThat(answer.words()).contains("\"sevre\"", "berth help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox"})
    void anOldJavaIsRefusedByItsVersion(String shell) throws Exception {
        Path java = Files.createDirectory(directory.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'java version \"1.8.0_402\"' >&2\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));

        Answer answer = run(shell, BERTH, directory, Map.of("JAVA_HOME", directory.toString()), "serve");

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.words()).contains("JDK 17 or newer", "1.8.0_402", "JAVA_HOME");
    }

    private record Answer(int status, String words) {}

    private static Answer run(
            String shell, Path script, Path workingDirectory, Map<String, String> environment, String verb)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Tools.require(shell).toString()));
        if (shell.equals("busybox")) {
            command.add("sh");
        }
        command.addAll(List.of(script.toString(), verb));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(workingDirectory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String words = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Answer(process.exitValue(), words);
    }
}
