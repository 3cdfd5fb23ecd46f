package dev.berth.api;

import dev.berth.logs.LogFollower;
import dev.berth.logs.LogReader;
import dev.berth.model.Caller;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.Registry;
import io.smallrye.mutiny.Multi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Logs for those who ask. All answers share the thread of one executor; who follows looks at its file by a timer: a look at a
 * log that hasn't grown costs microseconds, and no thread waits for a client.
 */
public final class LogStreams {
    /** What a reader takes for "at once". */
    private static final Duration LOOK = Duration.ofMillis(200);

    private final LogReader reader;
    private final Function<ServiceKey, Path> logs;
    private final Registry registry;
    private final ScheduledExecutorService executor;
    private final LongSupplier nanos;
    private final LogPlaces places = new LogPlaces();

    /**
     * @param logs where a service's log lies
     * @param executor one thread; discards what it is given after its end
     * @param nanos monotonic nanoseconds
     */
    public LogStreams(
            LogReader reader,
            Function<ServiceKey, Path> logs,
            Registry registry,
            ScheduledExecutorService executor,
            LongSupplier nanos) {
        this.reader = reader;
        this.logs = logs;
        this.registry = registry;
        this.executor = executor;
        this.nanos = nanos;
    }

    /** The last lines at once. */
    List<String> tail(ServiceKey key, LogReader.Selection wanted, Caller by) {
        try (LogPlaces.Place reading = places.take(wanted, false, by)) {
            return reader.tail(logs.apply(key), wanted);
        } catch (IOException failed) {
            throw unreadable(key, failed);
        }
    }

    /**
     * The last lines as the client takes them, and then new ones when it stays, until it goes away or this very service is
     * gone.
     *
     * @param hangUp ends the client's connection
     */
    Multi<String> stream(Service service, LogReader.Selection wanted, boolean follow, Caller by, Runnable hangUp) {
        Path log = logs.apply(service.key());
        LogPlaces.Place place = places.take(wanted, follow, by);
        try {
            LogFollower follower = follow ? reader.follow(log, wanted) : reader.once(log, wanted);
            LogStream stream = new LogStream(follower, () -> follow && isThere(service), nanos, hangUp, place);
            stream.start(
                    task -> executor.scheduleWithFixedDelay(task, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS), executor);
            return Multi.createFrom().publisher(stream);
        } catch (IOException failed) {
            place.close();
            throw unreadable(service.key(), failed);
        } catch (RuntimeException defect) {
            place.close();
            throw defect;
        }
    }

    private boolean isThere(Service service) {
        return registry.service(service.key())
                .filter(now -> now.metadata().uid().equals(service.metadata().uid()))
                .isPresent();
    }

    private static RuntimeException unreadable(ServiceKey key, IOException failed) {
        return Problems.problem(503, "the log of " + key.name() + " can't be read: " + failed.getMessage())
                .build();
    }
}
