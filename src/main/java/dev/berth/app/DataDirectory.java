package dev.berth.app;

import dev.berth.config.DataDirectoryPath;
import dev.berth.model.Mode;
import dev.berth.store.sqlite.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Where this daemon keeps its state: a directory that only its user may read and that no second daemon uses, or memory
 * when no such directory can be had.
 *
 * @param path empty in the memory fallback
 * @param trouble why it is memory; empty when it is a directory
 * @param lock kept open for the life of the daemon; the kernel gives it back however the daemon ends
 */
record DataDirectory(Optional<Path> path, Optional<String> trouble, Optional<FileLock> lock) {
    /** A memory that ends with the process needs a new name each time. */
    private static final String FORGETFUL = UUID.randomUUID().toString();

    private static final String OWNER_ONLY_DIRECTORY = "rwx------";
    private static final String OWNER_ONLY_FILE = "rw-------";

    /**
     * Makes, checks and locks the directory.
     *
     * @throws StartException when another daemon uses it, or its name can't be understood
     */
    static DataDirectory open(Mode mode, Map<String, String> environment, Path base) throws StartException {
        Optional<Path> named;
        try {
            named = DataDirectoryPath.resolve(mode, environment, base);
        } catch (IllegalArgumentException wrong) {
            throw new StartException(StartException.WRONG_VALUE, "BERTH_DATA_DIR: " + wrong.getMessage());
        }
        if (named.isEmpty()) {
            return inMemory("neither BERTH_DATA_DIR, XDG_STATE_HOME nor HOME is set");
        }
        Path path = named.get();
        try {
            makeDirectories(path);
            return lock(path);
        } catch (IOException unusable) {
            return inMemory(path + " can't be used: " + words(unusable));
        }
    }

    private static DataDirectory lock(Path path) throws IOException, StartException {
        Path file = path.resolve("lock");
        FileChannel channel = FileChannel.open(
                file,
                java.util.Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY_FILE)));
        Optional<FileLock> lock;
        try {
            lock = Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException ours) {
            lock = Optional.empty();
        }
        if (lock.isEmpty()) {
            channel.close();
            throw new StartException(
                    StartException.REFUSED,
                    "another Berth is running on " + path
                            + "; use it, stop it, or set BERTH_DATA_DIR to another directory");
        }
        return new DataDirectory(Optional.of(path), Optional.empty(), lock);
    }

    private static DataDirectory inMemory(String trouble) {
        return new DataDirectory(Optional.empty(), Optional.of(trouble), Optional.empty());
    }

    /** Which kind of failure, for people. */
    static String words(IOException failure) {
        String reason = failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
        return failure.getClass().getSimpleName().replace("Exception", "")
                + (reason == null ? "" : " (" + reason + ")");
    }

    /**
     * Names this memory, the same after every start on the same directory: so that two Berths of one user tell apart what
     * each has started.
     */
    String installation() {
        if (path.isEmpty()) {
            return FORGETFUL;
        }
        Path file = path.get().resolve("installation");
        try {
            if (!Files.exists(file)) {
                Path made = Files.createTempFile(path.get(), "installation", ".new");
                Files.writeString(made, UUID.randomUUID() + "\n");
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("who started a process can't be told without " + file, unreadable);
        }
    }

    /**
     * The JDBC URL of the database in it, whose file is made readable for its owner only before anything is written to it,
     * or of one in memory.
     */
    String jdbcUrl() throws StartException {
        if (path.isEmpty()) {
            return DatabaseUrl.inMemory("berth");
        }
        try {
            return DatabaseUrl.file(path.get().resolve("berth.db"));
        } catch (IOException refused) {
            throw cannotPrepare(refused);
        }
    }

    /** Where services' output goes. */
    Path logs() {
        return path.map(directory -> directory.resolve("logs")).orElseGet(DataDirectory::logsOfThisStart);
    }

    /**
     * A directory for the logs of a daemon without a memory, which only its user may read. Where none can be made it does not
     * exist, and every start is refused with that as its reason.
     */
    static Path logsOfThisStart() {
        try {
            return Files.createTempDirectory("berth-logs-");
        } catch (IOException refused) {
            return Path.of(System.getProperty("java.io.tmpdir"), "berth-logs-" + FORGETFUL);
        }
    }

    StartException cannotPrepare(IOException refused) {
        return new StartException(
                StartException.REFUSED,
                path.map(Path::toString).orElse("memory") + " can't be prepared: " + words(refused)
                        + "; check the directory's owner");
    }

    /** Makes the directory, and those above it that are missing, for its owner only. */
    static void makeDirectories(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY_DIRECTORY)));
    }

    /** Writes a small file for its owner only, so that readers see the old or the new text, never half of it. */
    static void replace(Path file, String text) throws IOException {
        replace(file, text, made -> {});
    }

    /** What is done with a file before it gets its name. */
    @FunctionalInterface
    interface Finish {
        void finish(Path made) throws IOException;
    }

    /** As {@link #replace(Path, String)}. */
    static void replace(Path file, String text, Finish finish) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            create(next, text);
        } catch (FileAlreadyExistsException left) {
            // By a Berth that was killed in between.
            Files.delete(next);
            create(next, text);
        }
        finish.finish(next);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void create(Path file, String text) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY_FILE)))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
