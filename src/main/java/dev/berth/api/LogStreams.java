package dev.berth.api;

import dev.berth.logs.LogFollower;
import dev.berth.logs.LogReader;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.Registry;
import io.smallrye.mutiny.Multi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Logs for those who ask. All followers share the thread of one executor and look at their files by a timer: a look at a log
 * that hasn't grown costs microseconds, and none of them waits for a client.
 */
public final class LogStreams {
    /** Each costs a connection and five looks a second; people have fewer windows. */
    static final int MOST_FOLLOWERS = 64;

    /** What a reader takes for "at once". */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final int TOO_MANY = 429;
    private static final int RETRY_SECONDS = 10;

    private final LogReader reader;
    private final Function<ServiceKey, Path> logs;
    private final Registry registry;
    private final ScheduledExecutorService executor;
    private final LongSupplier nanos;
    private final Semaphore free = new Semaphore(MOST_FOLLOWERS);

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

    List<String> tail(ServiceKey key, LogReader.Selection wanted) {
        try {
            return reader.tail(logs.apply(key), wanted);
        } catch (IOException failed) {
            throw unreadable(key, failed);
        }
    }

    /**
     * The last lines, then new ones until the client goes away or this very service is gone.
     *
     * @param hangUp ends the client's connection
     */
    Multi<String> follow(Service service, LogReader.Selection wanted, Runnable hangUp) {
        if (!free.tryAcquire()) {
            throw Problems.problem(
                            TOO_MANY,
                            MOST_FOLLOWERS + " readers follow logs already, which is the most there may be;"
                                    + " end one of them, or read without follow")
                    .withHeader("Retry-After", RETRY_SECONDS)
                    .build();
        }
        LogFollower follower;
        try {
            follower = reader.follow(logs.apply(service.key()), wanted);
        } catch (IOException failed) {
            free.release();
            throw unreadable(service.key(), failed);
        }
        LogStream stream = new LogStream(follower, () -> isThere(service), nanos, hangUp);
        stream.start(
                task -> executor.scheduleWithFixedDelay(task, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS),
                executor,
                free::release);
        return Multi.createFrom().publisher(stream);
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
