package dev.berth.host.linux;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds programs as execvp(3) does. */
final class ExecutablePath {
    /** What a shell or libc takes where no PATH is set. */
    static final String DEFAULT = "/usr/local/bin:/usr/bin:/bin";

    private ExecutablePath() {}

    /** The first executable file of that name in the directories of {@code path}. */
    static Optional<Path> find(String name, String path) {
        return find(name, path, Path.of(""));
    }

    /** @param base where relative directories of {@code path} begin */
    static Optional<Path> find(String name, String path, Path base) {
        return Stream.of(path.split(":"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> base.resolve(directory).resolve(name))
                .filter(ExecutablePath::isProgram)
                .findFirst();
    }

    static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
