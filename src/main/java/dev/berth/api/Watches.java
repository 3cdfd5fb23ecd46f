package dev.berth.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.model.Caller;
import dev.berth.model.ObjectRef;
import dev.berth.model.User;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import io.smallrye.mutiny.Multi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Everybody who watches. One thread serves them all; nothing is done for them while nothing changes, but a heartbeat. */
public final class Watches {
    /** Each costs a connection; a team's pages and scripts have fewer. */
    static final int MOST = 256;

    /** How often silent clients are looked after. */
    private static final Duration ROUND = Duration.ofSeconds(5);

    /** How often it is asked whether those who watch have their rights still: a question may wait for a directory service. */
    private static final Duration REVIEW = Duration.ofMinutes(1);

    private static final int GONE = 410;
    private static final int TOO_MANY = 429;
    private static final int RETRY_SECONDS = 10;

    private final WatchFeed feed;
    private final ScheduledExecutorService executor;
    private final LongSupplier nanos;
    private final Predicate<Caller> entitled;
    private final Shares places = new Shares(MOST);
    private final Map<WatchStream, Caller> streams = new ConcurrentHashMap<>();
    private final AtomicBoolean reviewing = new AtomicBoolean();
    private final AtomicBoolean woken = new AtomicBoolean();

    /**
     * @param json the one that answers are written with
     * @param executor one thread; discards what it is given after its end
     * @param nanos monotonic nanoseconds
     * @param entitled whether somebody has the rights still that they came with; may take its time
     */
    public Watches(
            Registry registry,
            Store store,
            ObjectMapper json,
            ScheduledExecutorService executor,
            LongSupplier nanos,
            Predicate<Caller> entitled) {
        this.entitled = entitled;
        this.feed = new WatchFeed(registry, store, json);
        this.executor = executor;
        this.nanos = nanos;
        registry.onCommit(rows -> {
            feed.committed(rows);
            wakeAll();
        });
        var rounds = executor.scheduleWithFixedDelay(
                this::serveAll, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
        var reviews = executor.scheduleWithFixedDelay(
                () -> CompletableFuture.runAsync(this::review),
                REVIEW.toMillis(),
                REVIEW.toMillis(),
                TimeUnit.MILLISECONDS);
        if (rounds.isCancelled() || reviews.isCancelled()) {
            throw new IllegalStateException("the executor has ended");
        }
    }

    /**
     * What changes, from now on or after a version.
     *
     * @param after empty to be told first what there is
     * @param by who watches; each user may have a part of the places
     * @param reader whose services the client may see all of
     * @param hangUp ends the client's connection
     */
    Multi<WatchEvent> watch(
            Set<ObjectRef.Kind> kinds, OptionalLong after, Caller by, Predicate<User> reader, Runnable hangUp)
            throws StoreException {
        if (after.isPresent()) {
            feed.obstacle(after.getAsLong()).ifPresent(why -> {
                throw Problems.problem(GONE, why).build();
            });
        }
        places.take(by, 1).ifPresent(shortage -> {
            throw Problems.problem(
                            TOO_MANY,
                            places.words(shortage, "clients watch") + "; end one of them, or list now and then")
                    .withHeader("Retry-After", RETRY_SECONDS)
                    .build();
        });
        WatchFeed.Piece first =
                after.isPresent() ? new WatchFeed.Piece(List.of(), after.getAsLong()) : feed.present(kinds, reader);
        WatchStream stream = new WatchStream(
                feed, kinds, reader, first, nanos, hangUp, each -> executor.execute(each::serve), this::ended);
        streams.put(stream, by);
        return Multi.createFrom().publisher(stream);
    }

    /** How many watch now. */
    public int count() {
        return streams.size();
    }

    private void ended(WatchStream stream) {
        Caller by = streams.remove(stream);
        if (by != null) {
            places.giveBack(by, 1);
        }
    }

    /** Ends the watches of those who have less rights now than they came with; they may come again with what they have. */
    void review() {
        if (!reviewing.compareAndSet(false, true)) {
            return;
        }
        try {
            for (Caller each : Set.copyOf(streams.values())) {
                if (!entitled.test(each)) {
                    streams.forEach((stream, by) -> {
                        if (by.equals(each)) {
                            stream.drop();
                        }
                    });
                }
            }
        } finally {
            reviewing.set(false);
        }
    }

    private void wakeAll() {
        if (!streams.isEmpty() && woken.compareAndSet(false, true)) {
            executor.execute(this::serveAll);
        }
    }

    private void serveAll() {
        woken.set(false);
        streams.keySet().forEach(WatchStream::serve);
    }
}
