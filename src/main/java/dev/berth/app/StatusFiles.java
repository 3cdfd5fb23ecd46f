package dev.berth.app;

import dev.berth.logs.LogRotation;
import dev.berth.model.Mode;
import dev.berth.model.ObjectRef;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.User;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Beside each log of a service with a command: {@code NAME_status.json}, the object that {@code GET /services/NAME} answers,
 * and {@code NAME.pid} while a process of it is recorded. For scripts and people who look into the directory. Each is replaced
 * as a whole, a moment after the service changed; when nothing changes nothing is written.
 */
final class StatusFiles {
    private static final String STATUS = "_status.json";
    private static final String PID = ".pid";

    /**
     * So long nothing has to change before files are written: a start is several commits within milliseconds, and a hundred
     * starts need the disk for themselves.
     */
    private static final Duration GATHER = Duration.ofMillis(100);

    /** So often that is waited for, so that files are never later than a second, whatever else goes on. */
    private static final int MOST_WAITS = 10;

    /** When a disk is full, it is full for longer than this. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    /** The directory of the default namespace's logs has those of the others in it. */
    private static final int NAMESPACE_DEPTH = 2;

    private static final Duration LAST_ROUND = Duration.ofSeconds(2);

    private final Registry registry;
    private final Function<ServiceKey, Path> logs;
    private final Function<Service, String> document;
    private final Placing placing;
    private final ScheduledExecutorService executor;
    private final Consumer<String> warn;

    private final Object gate = new Object();
    // Guarded by gate.
    private Set<ServiceKey> changed = new HashSet<>();
    private boolean scheduled;
    private boolean touched;
    private int waits;

    /** Services whose files can't be written, which was told. Only the executor's thread uses it. */
    private final Set<ServiceKey> troubled = new HashSet<>();

    /**
     * @param logs where a service's log lies
     * @param document what stands in its status file
     * @param placing whose the files are
     * @param executor one thread
     * @param warn tells Berth's log
     */
    StatusFiles(
            Registry registry,
            Function<ServiceKey, Path> logs,
            Function<Service, String> document,
            Placing placing,
            ScheduledExecutorService executor,
            Consumer<String> warn) {
        this.registry = registry;
        this.logs = logs;
        this.document = document;
        this.placing = placing;
        this.executor = executor;
        this.warn = warn;
    }

    /** Makes the files right once, without those of services that went while Berth was down, and keeps them so. */
    void start() {
        registry.onCommit(rows -> rows.stream()
                .map(Store.JournalRow::ref)
                .filter(ref -> ref.kind() == ObjectRef.Kind.SERVICE)
                .map(ref -> new ServiceKey(ref.namespace(), ref.name()))
                .forEach(this::touch));
        executor.execute(this::sweep);
        registry.services().forEach(service -> touch(service.key()));
    }

    /** Writes what is not written yet, within a bound. */
    void close() {
        executor.execute(this::writeAll);
        executor.execute(this::removeEmptyDirectories);
        executor.shutdown();
        try {
            if (!executor.awaitTermination(LAST_ROUND.toMillis(), TimeUnit.MILLISECONDS)) {
                warn.accept(
                        "not every status file could be written before the end; they are made right at the next start");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void touch(ServiceKey key) {
        synchronized (gate) {
            changed.add(key);
            // Its replicas are told of in the object of a service.
            changed.add(key.origin());
            if (scheduled) {
                touched = true;
                return;
            }
            scheduled = true;
            touched = false;
            waits = 0;
        }
        executor.schedule(this::writeWhenQuiet, GATHER.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void writeWhenQuiet() {
        synchronized (gate) {
            boolean wait = touched && waits < MOST_WAITS - 1 && !executor.isShutdown();
            touched = false;
            if (wait) {
                waits++;
                executor.schedule(this::writeWhenQuiet, GATHER.toMillis(), TimeUnit.MILLISECONDS);
                return;
            }
        }
        writeAll();
    }

    private void writeAll() {
        Set<ServiceKey> keys;
        synchronized (gate) {
            keys = changed;
            changed = new HashSet<>();
            scheduled = false;
        }
        keys.forEach(this::write);
    }

    private void write(ServiceKey key) {
        Path status = beside(key, STATUS);
        try {
            Optional<Service> service =
                    registry.service(key).filter(each -> !each.spec().isObserved());
            put(status, service, service.map(document));
            put(beside(key, PID), service, service.flatMap(StatusFiles::pid));
            troubled.remove(key);
        } catch (IOException failed) {
            if (troubled.add(key)) {
                warn.accept(status + " and the pid file beside it can't be kept true: " + failed
                        + "; tried again until they can");
            }
            executor.schedule(() -> touch(key), RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static Optional<String> pid(Service service) {
        return service.status().process().map(ProcessRef::pid).map(pid -> pid + "\n");
    }

    /** Compares first: after a start most of it is true already. */
    private void put(Path file, Optional<Service> service, Optional<String> text) throws IOException {
        if (text.isEmpty() || service.isEmpty()) {
            Files.deleteIfExists(file);
        } else if (!holds(file, text.get().getBytes(StandardCharsets.UTF_8))) {
            try {
                replace(file, service.get(), text.get());
            } catch (NoSuchFileException missing) {
                placing.makeDirectory(directory(file));
                replace(file, service.get(), text.get());
            }
        }
    }

    private void replace(Path file, Service service, String text) throws IOException {
        DataDirectory.replace(
                file, text, made -> placing.give(made, service.metadata().owner()));
    }

    /** Who may see the files. */
    interface Placing {
        /** Makes the directory and those above it, where they are missing. */
        void makeDirectory(Path directory) throws IOException;

        /** Makes a new file the owner's, before it gets its name. */
        void give(Path file, User owner) throws IOException;

        static Placing of(Mode mode) {
            return mode == Mode.SHARED ? new Shared() : new Single();
        }
    }

    /** For the user who runs Berth. */
    private static final class Single implements Placing {
        @Override
        public void makeDirectory(Path directory) throws IOException {
            DataDirectory.makeDirectories(directory);
        }

        @Override
        public void give(Path file, User owner) {
            // It is that user's already.
        }
    }

    /** Each for the user of its service, in directories of root's. */
    private static final class Shared implements Placing {
        @Override
        public void makeDirectory(Path directory) throws IOException {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
                Files.setPosixFilePermissions(directory, LogRotation.OPEN_DIRECTORY);
            }
        }

        @Override
        public void give(Path file, User owner) throws IOException {
            Files.setAttribute(file, "unix:uid", (int) owner.uid(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static boolean holds(Path file, byte[] text) throws IOException {
        return Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), text);
    }

    private static Path directory(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a log is a file in a directory");
    }

    /** Removes what belongs to no service that is declared now. */
    private void sweep() {
        Path root = root();
        if (!Files.isDirectory(root)) {
            return;
        }
        Set<Path> known = new HashSet<>();
        for (Service service : registry.services()) {
            known.add(beside(service.key(), STATUS));
            known.add(beside(service.key(), PID));
        }
        try (Stream<Path> files = Files.walk(root, NAMESPACE_DEPTH)) {
            for (Path file : files.filter(StatusFiles::isOurs).toList()) {
                if (!known.contains(file)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | UncheckedIOException failed) {
            warn.accept("what services that are gone have left in " + root + " can't be removed: " + failed);
        }
    }

    /** Of namespaces whose services left no log. Not before the end, since a launch may be about to write there. */
    private void removeEmptyDirectories() {
        Path root = root();
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> namespaces = Files.list(root)) {
            for (Path namespace : namespaces.filter(Files::isDirectory).toList()) {
                if (isEmpty(namespace)) {
                    Files.delete(namespace);
                }
            }
        } catch (IOException | UncheckedIOException failed) {
            warn.accept("empty directories in " + root + " can't be removed: " + failed);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    private Path root() {
        return directory(logs.apply(new ServiceKey(ServiceKey.DEFAULT_NAMESPACE, "any")));
    }

    private static boolean isOurs(Path file) {
        String name = file.toString();
        return name.endsWith(STATUS) || name.endsWith(PID);
    }

    private Path beside(ServiceKey key, String ending) {
        return logs.apply(key).resolveSibling(key.name() + ending);
    }
}
