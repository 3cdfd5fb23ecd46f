package dev.berth.app;

import dev.berth.api.Backend;
import dev.berth.api.SourceWatch;
import dev.berth.api.SourceWatches;
import dev.berth.api.StackCalls;
import dev.berth.config.Documents;
import dev.berth.model.Caller;
import dev.berth.plan.BerthIdentity;
import dev.berth.plugin.Plugins;
import dev.berth.source.DeclarationSource;
import dev.berth.source.Sources;
import dev.berth.source.WatchedFile;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Finds the sources of declarations, and looks at each of them about once a second, each on a thread of its own. */
@ApplicationScoped
class SourceWiring {
    private static final Logger LOG = Logger.getLogger(SourceWiring.class);

    /** A change is applied when it was the same in two looks: a person who saved a file waits for two of these at most. */
    private static final long LOOK_MILLIS = 700;

    /** After the loop has begun, so that what is declared is acted on. */
    private static final int AFTER_THE_LOOP = Interceptor.Priority.APPLICATION + 1000;

    /** What was told of each watch that can't look. */
    private final Map<SourceWatch, String> defects = new ConcurrentHashMap<>();

    private final List<ScheduledExecutorService> threads = new CopyOnWriteArrayList<>();

    @Produces
    @Singleton
    SourceWatches watches(Backend backend, BerthIdentity berth) {
        Plugins.Found<DeclarationSource> found = Sources.discover(
                Startup.handed().flatMap(Startup::file).map(file -> new WatchedFile(file, Documents.MAX_BYTES)),
                CoreWiring.plugins());
        found.refusals().forEach(LOG::warn);
        StackCalls stacks = new StackCalls(backend);
        return new SourceWatches(found.byName().values().stream()
                .map(source -> new SourceWatch(
                        source, stacks, Caller.owner(berth.user()), InstantSource.system(), LOG::info, LOG::warn))
                .toList());
    }

    void start(@Observes @Priority(AFTER_THE_LOOP) StartupEvent event, SourceWatches watches) {
        for (SourceWatch watch : watches.all()) {
            if (watch.isLocal()) {
                // Before Berth says that it is started, what it was started with is declared.
                watch.look();
            }
            ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(Threads.named("berth-source"));
            threads.add(thread);
            thread.scheduleWithFixedDelay(
                    () -> look(watch), watch.isLocal() ? LOOK_MILLIS : 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The executor would end the looks with the first failure, and keep it to itself. */
    private void look(SourceWatch watch) {
        try {
            watch.look();
            defects.remove(watch);
        } catch (RuntimeException defect) {
            // Told once per kind, because a look comes several times in a few seconds.
            if (!defect.toString().equals(defects.put(watch, defect.toString()))) {
                LOG.error(
                        "a look at a source of declarations broke off, which is a fault of Berth; looking goes on",
                        defect);
            }
        }
    }

    void stop(@Observes ShutdownEvent event) {
        threads.forEach(ScheduledExecutorService::shutdownNow);
    }
}
