package dev.berth.deploy;

import dev.berth.testing.FreePorts;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shell tests that start a daemon of their own from the packaged program. */
@Execution(ExecutionMode.CONCURRENT)
class ShellIT {
    private static final int PORTS = 8;

    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource({"live, dash", "live, bash", "live, busybox", "scripts, dash", "scripts, bash", "install, dash"})
    void holds(String test, String shell) throws Exception {
        String ports = FreePorts.take(PORTS).stream().map(String::valueOf).collect(Collectors.joining(" "));
        ShellScript.run(test, shell, scratch, Map.of("PORTS", ports));
    }
}
