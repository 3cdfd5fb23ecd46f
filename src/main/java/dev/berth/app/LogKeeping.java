package dev.berth.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.api.LogStreams;
import dev.berth.api.ServiceDocument;
import dev.berth.config.SettingCatalog;
import dev.berth.config.Settings;
import dev.berth.host.linux.FileHead;
import dev.berth.launch.Launches;
import dev.berth.logs.HeadRemoval;
import dev.berth.logs.LogPositions;
import dev.berth.logs.LogReader;
import dev.berth.logs.LogRotation;
import dev.berth.model.Mode;
import dev.berth.model.Service;
import dev.berth.store.Registry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jboss.logging.Logger;

/** Keeps the logs of services bounded, what lies beside them true, and lets them be read. */
@ApplicationScoped
class LogKeeping {
    private static final Logger LOG = Logger.getLogger(LogKeeping.class);

    private final Registry registry;
    private final Launches launches;
    private final LiveSettings settings;
    private final LogPositions positions = new LogPositions();
    private final LogReader reader = new LogReader(positions);
    private final LogRotation rotation;
    private final StatusFiles files;
    private final ScheduledThreadPoolExecutor readers = Threads.scheduled("berth-log-readers");
    private final ScheduledThreadPoolExecutor writer = Threads.scheduled("berth-status-files");
    /** What was told of each log that can't be rotated. Only the tick uses it, which never runs twice at a time. */
    private final Map<Path, String> troubles = new HashMap<>();
    /** Only the tick uses it. */
    private Optional<Kept> kept = Optional.empty();

    LogKeeping(Registry registry, Launches launches, LiveSettings settings, Mode mode, ObjectMapper json) {
        this.registry = registry;
        this.launches = launches;
        this.settings = settings;
        this.rotation = new LogRotation(
                positions,
                System.getProperty("os.name").equals("Linux") ? FileHead::collapse : HeadRemoval.NONE,
                mode == Mode.SHARED ? LogRotation.OPEN_DIRECTORY : LogRotation.OWNER_ONLY_DIRECTORY);
        ServiceDocument document = new ServiceDocument(json);
        this.files = new StatusFiles(
                registry,
                launches::log,
                service -> document.of(service, registry.services()),
                StatusFiles.Placing.of(mode),
                writer,
                LOG::warn);
    }

    @Produces
    @Singleton
    LogReader reader() {
        return reader;
    }

    @Produces
    @Singleton
    LogStreams streams() {
        return new LogStreams(reader, launches::log, registry, readers, System::nanoTime);
    }

    void start(@Observes StartupEvent event) {
        files.start();
    }

    /** Costs one look at each log that is small. */
    @Scheduled(every = "5s", identity = "logs", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void rotate() {
        Settings now = settings.settings();
        LogRotation.Limits limits =
                new LogRotation.Limits(now.get(SettingCatalog.LOG_SIZE), now.get(SettingCatalog.LOG_FILES));
        kept().forEach(log -> rotate(log, limits));
    }

    /** The logs of those that may write. Where nothing was stored since, they are the same as the last time. */
    private List<Path> kept() {
        long version = registry.resourceVersion();
        Optional<Kept> same = kept.filter(before -> before.resourceVersion() == version);
        if (same.isPresent()) {
            return same.get().logs();
        }
        List<Path> logs = registry.services().stream()
                .filter(LogKeeping::mayWrite)
                .map(service -> launches.log(service.key()))
                .toList();
        rotation.keepOnly(logs);
        troubles.keySet().retainAll(logs);
        kept = Optional.of(new Kept(version, logs));
        return logs;
    }

    /** @param resourceVersion of everything that was stored when the logs were listed, or before */
    private record Kept(long resourceVersion, List<Path> logs) {}

    private void rotate(Path log, LogRotation.Limits limits) {
        try {
            rotation.check(log, limits);
            troubles.remove(log);
        } catch (IOException failed) {
            String words = "the log " + log + " can't be rotated, and grows on: " + failed.getMessage();
            // Told once, not every five seconds.
            if (!words.equals(troubles.put(log, words))) {
                LOG.warn(words);
            }
        }
    }

    /** One whose command was just taken away may run a while yet. */
    private static boolean mayWrite(Service service) {
        return !service.spec().isObserved() || service.status().run().isPresent();
    }

    void stop(@Observes ShutdownEvent event) {
        readers.shutdownNow();
        files.close();
    }
}
