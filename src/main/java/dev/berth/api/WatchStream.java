package dev.berth.api;

import dev.berth.model.ObjectRef;
import dev.berth.model.User;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * One client that watches. It pulls from the feed what it is ready for, so a slow one costs nothing but its place; one that
 * takes nothing for {@link #PATIENCE} loses that, and can resume. Everything but {@link #request}, {@link #cancel} and {@link #drop} is
 * called by one thread at a time.
 */
final class WatchStream implements Flow.Publisher<WatchEvent>, Flow.Subscription {
    /** A client that takes nothing for so long is gone, or a program that was suspended. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** After so long without an event something is sent: proxies and people take a silent connection for a dead one. */
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final Logger LOG = Logger.getLogger(WatchStream.class);

    private final WatchFeed feed;
    private final Set<ObjectRef.Kind> kinds;
    private final Predicate<User> reader;
    private final LongSupplier nanos;
    private final Runnable hangUp;
    private final Consumer<WatchStream> wake;
    private final Consumer<WatchStream> ended;
    private final AtomicLong requested = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Deque<WatchFeed.Message> ready = new ArrayDeque<>();

    private volatile Optional<Flow.Subscriber<? super WatchEvent>> subscriber = Optional.empty();
    private long position;
    private long told;
    private long takenAt;
    private long sentAt;

    /**
     * @param reader whose services the client may see all of
     * @param first what is to be told before anything else
     * @param nanos monotonic nanoseconds
     * @param hangUp ends the client's connection
     * @param wake has {@link #serve} called soon
     * @param ended told once
     */
    WatchStream(
            WatchFeed feed,
            Set<ObjectRef.Kind> kinds,
            Predicate<User> reader,
            WatchFeed.Piece first,
            LongSupplier nanos,
            Runnable hangUp,
            Consumer<WatchStream> wake,
            Consumer<WatchStream> ended) {
        this.feed = feed;
        this.kinds = Set.copyOf(kinds);
        this.reader = reader;
        this.nanos = nanos;
        this.hangUp = hangUp;
        this.wake = wake;
        this.ended = ended;
        this.position = first.to();
        ready.addAll(first.messages());
        // The client learns at once that it is connected, and from where it would resume.
        WatchEvent connected = WatchEvent.bookmark(position);
        ready.add(() -> Optional.of(connected));
        this.told = position;
        this.takenAt = nanos.getAsLong();
        this.sentAt = takenAt;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super WatchEvent> client) {
        subscriber = Optional.of(client);
        client.onSubscribe(this);
    }

    @Override
    public void request(long more) {
        requested.accumulateAndGet(more, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
        wake.accept(this);
    }

    @Override
    public void cancel() {
        end();
    }

    /** Sends what there is and the client wants. */
    void serve() {
        if (over.get() || subscriber.isEmpty()) {
            return;
        }
        try {
            if (requested.get() > 0) {
                takenAt = nanos.getAsLong();
                send(subscriber.get());
            } else if (nanos.getAsLong() - takenAt > PATIENCE.toNanos()) {
                drop();
            }
        } catch (StoreException | RuntimeException failed) {
            // The client sees its connection end, and resumes.
            LOG.warnf("a watch ended, because the journal can't be read: %s", failed.getMessage());
            drop();
        }
    }

    private void send(Flow.Subscriber<? super WatchEvent> client) throws StoreException {
        boolean more = true;
        while (requested.get() > 0 && !over.get()) {
            if (ready.isEmpty() && more) {
                WatchFeed.Piece piece = feed.after(position, kinds, reader);
                more = piece.to() > position;
                position = piece.to();
                ready.addAll(piece.messages());
                continue;
            }
            WatchFeed.Message next = ready.poll();
            if (next != null) {
                next.event().ifPresent(event -> next(client, event));
            } else if (nanos.getAsLong() - sentAt >= HEARTBEAT.toNanos()) {
                // What was of no interest moved the version on: who resumes need not go through it again.
                next(client, position > told ? WatchEvent.bookmark(position) : WatchEvent.HEARTBEAT);
            } else {
                return;
            }
        }
    }

    private void next(Flow.Subscriber<? super WatchEvent> client, WatchEvent event) {
        requested.decrementAndGet();
        sentAt = nanos.getAsLong();
        told = event.id().orElse(told);
        client.onNext(event);
    }

    /** In the middle of an answer there is no other way to say that it is over. */
    void drop() {
        if (end()) {
            hangUp.run();
        }
    }

    private boolean end() {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            ended.accept(this);
        }
        return first;
    }
}
