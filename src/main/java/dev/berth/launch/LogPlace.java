package dev.berth.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Looks whether logs can be written. Safe for use by many threads. */
final class LogPlace {
    /** Below this the first chatty service fills the disk, and Berth's own memory lies on the same one. */
    static final long LEAST_SPACE = 16L << 20;

    /**
     * Nothing wrong with a directory is believed for as long as starting a whole stack takes, whose logs it has. Something wrong
     * is looked for anew each time, because people mend it.
     */
    private static final Duration BELIEVED = Duration.ofMillis(500);

    private final long least;
    private final LongSupplier nanos;
    private volatile Optional<Fine> latest = Optional.empty();

    /** @param nanos monotonic nanoseconds */
    LogPlace(LongSupplier nanos) {
        this(LEAST_SPACE, nanos);
    }

    /** @param least bytes that must be free for users like us */
    LogPlace(long least, LongSupplier nanos) {
        this.least = least;
        this.nanos = nanos;
    }

    /** Logs can be written there, as was seen then. */
    private record Fine(Path directory, long at) {}

    /** Why the log can't be written; its directories need not be there yet. */
    Optional<String> obstacle(Path log) {
        if (Files.isRegularFile(log)) {
            if (!Files.isWritable(log)) {
                return Optional.of("the log " + log + " can't be written: check its owner and mode");
            }
        } else if (Files.exists(log)) {
            return Optional.of("the log " + log + " can't be written: it is no file; move it away");
        }
        Path directory = log.toAbsolutePath().resolve("..").normalize();
        long now = nanos.getAsLong();
        boolean fine = latest.filter(known -> known.directory().equals(directory))
                .filter(known -> now - known.at() < BELIEVED.toNanos())
                .isPresent();
        if (fine) {
            return Optional.empty();
        }
        Optional<String> obstacle = inDirectory(log);
        if (obstacle.isEmpty()) {
            latest = Optional.of(new Fine(directory, now));
        }
        return obstacle;
    }

    private Optional<String> inDirectory(Path log) {
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
