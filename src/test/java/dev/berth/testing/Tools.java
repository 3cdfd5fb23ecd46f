package dev.berth.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Programs and rights that a test needs from the machine, asked for by name. Where they are missing the test is
 * skipped and says why; where {@code BERTH_REQUIRE_TOOLS=true} promises them (CI) it fails, so that no test can be
 * skipped for ever without anybody noticing.
 */
public final class Tools {

    /** Where Debian keeps what only root is expected to call, nginx for one. */
    private static final List<String> SYSTEM_DIRECTORIES = List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

    private Tools() {}

    /** The executable called {@code name}, from {@code PATH} or the system directories. */
    public static Path require(String name) {
        Optional<Path> found = find(name);
        if (found.isEmpty()) {
            missing("this test needs the program \"" + name + "\", which is not on the PATH");
        }
        return found.orElseThrow();
    }

    /** Effective uid 0, as the kernel has it. */
    public static void requireRoot() {
        if (!"root".equals(System.getProperty("user.name"))) {
            missing("this test needs to be root, and runs as " + System.getProperty("user.name"));
        }
    }

    /** A kernel with {@code /proc}: everything under {@code host.linux}. */
    public static void requireLinux() {
        if (!Files.isReadable(Path.of("/proc/self/stat"))) {
            missing("this test needs Linux with /proc, and runs on " + System.getProperty("os.name"));
        }
    }

    private static Optional<Path> find(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), SYSTEM_DIRECTORIES.stream())
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void missing(String what) {
        if ("true".equals(System.getenv("BERTH_REQUIRE_TOOLS"))) {
            fail(what + " (BERTH_REQUIRE_TOOLS=true promises it)");
        }
        abort(what);
    }
}
