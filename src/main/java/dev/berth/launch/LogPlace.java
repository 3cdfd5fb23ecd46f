package dev.berth.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks whether a log can be written. */
final class LogPlace {
    /** Below this the first chatty service fills the disk, and Berth's own memory lies on the same one. */
    static final long LEAST_SPACE = 16L << 20;

    private LogPlace() {}

    /** Why the log can't be written; its directories need not be there yet. */
    static Optional<String> obstacle(Path log) {
        return obstacle(log, LEAST_SPACE);
    }

    /** @param least bytes that must be free for users like us */
    static Optional<String> obstacle(Path log, long least) {
        if (Files.exists(log) && !Files.isRegularFile(log)) {
            return Optional.of("the log " + log + " can't be written: it is no file; move it away");
        }
        if (Files.exists(log) && !Files.isWritable(log)) {
            return Optional.of("the log " + log + " can't be written: check its owner and mode");
        }
        Path there = log.toAbsolutePath();
        do {
            // The root is always there.
            there = there.resolve("..").normalize();
        } while (!Files.exists(there));
        if (!Files.isDirectory(there)) {
            return Optional.of("the log " + log + " can't be written: " + there + " is no directory");
        }
        if (!Files.isWritable(there) || !Files.isExecutable(there)) {
            return Optional.of("the log " + log + " can't be written: check owner and mode of the directory " + there);
        }
        // Cheaper than a FileStore, which reads the table of all mounts.
        long space = there.toFile().getUsableSpace();
        return space >= least
                ? Optional.empty()
                : Optional.of("the disk of the logs, at " + there + ", has only " + (space >> 20)
                        + " MB left; make room for " + (least >> 20) + " MB at least");
    }
}
