package dev.berth.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.Tools;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The CI examples' own commands, one after the other as a runner has them; only that Berth is installed is taken for granted. */
class CiExamplesIT {
    private static final long PATIENCE_SECONDS = 240;
    private static final String SERVER = """
            #!/bin/sh
            set -e
            python3 -m http.server "$1" --bind 127.0.0.1 >/dev/null 2>&1 &
            server=$!
            until curl -qfs -o /dev/null "http://127.0.0.1:$1/"; do kill -0 "$server"; sleep 0.1; done
            echo "served on $1"
            kill "$server"
            """;

    @TempDir
    Path directory;

    private final Map<String, String> environment = new TreeMap<>();
    private Path data;

    @BeforeEach
    void checkOut() throws IOException {
        data = directory.resolve(".berth");
        environment.put("PATH", Path.of("deploy/bin").toAbsolutePath() + File.pathSeparator + System.getenv("PATH"));
        Tools.require("curl");
        Tools.require("python3");
    }

    private void test(String program) throws IOException {
        Path test = Files.writeString(directory.resolve("test.sh"), program);
        Files.setPosixFilePermissions(test, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void gitHubsStepsTestOnAPortOfTheirOwnAndCleanUp() throws Exception {
        test(SERVER);
        assertThat(gitHub()).contains("served on 2");
        assertThatNothingRuns();
    }

    @Test
    void gitHubsStepsCleanUpAfterAFailure() throws Exception {
        test("#!/bin/sh\necho broken\nexit 9\n");
        assertThat(gitHub()).contains("broken", "PortReserved");
        assertThatNothingRuns();
    }

    @Test
    void gitLabsJobTestsOnAPortOfItsOwnAndCleansUp() throws Exception {
        test(SERVER);
        assertThat(gitLab()).contains("served on 2");
        assertThatNothingRuns();
    }

    @Test
    void gitLabsJobCleansUpAfterAFailure() throws Exception {
        test("#!/bin/sh\necho broken\nexit 9\n");
        assertThat(gitLab()).contains("broken", "PortReserved");
        assertThatNothingRuns();
    }

    private void assertThatNothingRuns() {
        assertThat(data.resolve("berth.log")).exists();
        assertThat(data.resolve("endpoint")).doesNotExist();
        assertThat(ProcessHandle.allProcesses()
                        .filter(each -> each.info()
                                .commandLine()
                                .filter(line -> line.contains(directory.toString()))
                                .isPresent()))
                .isEmpty();
    }

    private static Map<?, ?> yaml(String file) throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(Path.of("deploy/ci", file)));
    }

    private static Map<?, ?> map(Map<?, ?> tree, String key) {
        return (Map<?, ?>) tree.get(key);
    }

    private static List<?> list(Map<?, ?> tree, String key) {
        return (List<?>) tree.get(key);
    }

    private String gitHub() throws Exception {
        Map<?, ?> job = map(map(yaml("github-actions.yml"), "jobs"), "e2e");
        map(job, "env")
                .forEach((name, value) -> environment.put(
                        name.toString(), value.toString().replace("${{ github.workspace }}", directory.toString())));
        Path handed = Files.createFile(directory.resolve("github-env"));
        environment.put("GITHUB_ENV", handed.toString());
        StringBuilder said = new StringBuilder();
        boolean failed = false;
        for (Object each : list(job, "steps")) {
            Map<?, ?> step = (Map<?, ?>) each;
            Object when = step.get("if");
            boolean wanted = when == null ? !failed : when.equals("always()") || failed;
            if (step.get("run") == null || "Install Berth".equals(step.get("name")) || !wanted) {
                continue;
            }
            failed |= run(step.get("run").toString(), said) != 0;
            Files.readAllLines(handed)
                    .forEach(line -> environment.put(
                            line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        }
        return said.toString();
    }

    private String gitLab() throws Exception {
        Map<?, ?> job = map(yaml("gitlab-ci.yml"), "e2e");
        map(job, "variables")
                .forEach((name, value) -> environment.put(
                        name.toString(), value.toString().replace("$CI_PROJECT_DIR", directory.toString())));
        environment.put("CI_PROJECT_DIR", directory.toString());
        List<String> main = new ArrayList<>();
        list(job, "before_script").forEach(line -> main.add(line.toString()));
        main.removeIf(line -> line.startsWith("git clone") || line.contains("install.sh"));
        list(job, "script").forEach(line -> main.add(line.toString()));
        StringBuilder said = new StringBuilder();
        environment.put("CI_JOB_STATUS", run(String.join("\n", main), said) == 0 ? "success" : "failed");
        run(
                String.join(
                        "\n",
                        list(job, "after_script").stream().map(Object::toString).toList()),
                said);
        return said.toString();
    }

    private int run(String script, StringBuilder said) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-c", script).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("BERTH_") || name.equals("PORT"));
        builder.environment().putAll(environment);
        // Not a pipe: the daemon would keep it open.
        File log = directory.resolve("step.log").toFile();
        Process process = builder.redirectErrorStream(true).redirectOutput(log).start();
        process.getOutputStream().close();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        said.append(Files.readString(log.toPath()));
        return process.exitValue();
    }
}
