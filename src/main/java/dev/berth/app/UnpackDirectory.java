package dev.berth.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where libraries unpack the native code that they bring, and the framework its cache: the system's temporary directory, or
 * one in the data directory where that can't be written or nothing in it may be executed. Hardened machines mount
 * {@code /tmp} so, and containers get their tmpfs with noexec unless they ask for more.
 *
 * @param instead empty where the system's temporary directory will do
 */
record UnpackDirectory(Optional<Path> instead) {
    /** Each library has a name of its own for it. */
    private static final List<String> PROPERTIES =
            List.of("jna.tmpdir", "org.sqlite.tmpdir", "io.netty.native.workdir");

    /**
     * @param temporary the system's temporary directory
     * @throws StartException when nothing can be unpacked anywhere
     */
    static UnpackDirectory choose(DataDirectory data, Path temporary) throws StartException {
        Optional<String> trouble = trouble(temporary);
        if (trouble.isEmpty()) {
            return new UnpackDirectory(Optional.empty());
        }
        Optional<Path> own = data.path().map(path -> path.resolve("run").resolve("unpacked"));
        Optional<String> alsoTrouble = own.flatMap(UnpackDirectory::made);
        if (own.isEmpty() || alsoTrouble.isPresent()) {
            throw new StartException(
                    StartException.REFUSED,
                    "the libraries that Berth uses need a directory to unpack native code to: " + trouble.get()
                            + alsoTrouble.map(words -> ", and " + words).orElse("")
                            + ". Mount a tmpfs at " + temporary + " (in containers with the option exec), or set"
                            + " BERTH_DATA_DIR to a directory that can be written and is not mounted noexec");
        }
        return new UnpackDirectory(own);
    }

    /** System properties that lead everybody there. */
    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        instead.ifPresent(directory -> {
            PROPERTIES.forEach(name -> properties.put(name, directory.toString()));
            properties.put(
                    "quarkus.vertx.cache-directory",
                    directory.resolve("vertx-cache").toString());
        });
        return properties;
    }

    /** Empty of what a killed daemon left there; nobody else uses it, as the data directory is locked. */
    private static Optional<String> made(Path directory) {
        try {
            if (Files.exists(directory)) {
                try (Stream<Path> inside = Files.walk(directory)) {
                    for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(each);
                    }
                }
            }
            DataDirectory.makeDirectories(directory);
        } catch (IOException refused) {
            return Optional.of(directory + " can't be made: " + DataDirectory.words(refused));
        }
        return trouble(directory);
    }

    /** Why nothing can be unpacked there to be run. */
    private static Optional<String> trouble(Path directory) {
        try {
            Path probe = Files.createTempFile(
                    directory,
                    "berth-probe",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                // The kernel says no for all of a file system that is mounted noexec, whatever the file's mode.
                return Files.isExecutable(probe) ? Optional.empty() : Optional.of(directory + " is mounted noexec");
            } finally {
                Files.delete(probe);
            }
        } catch (IOException refused) {
            return Optional.of(directory + " can't be written: " + DataDirectory.words(refused));
        }
    }
}
