package dev.berth.api;

import dev.berth.logs.LogFollower;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * One client that reads a log, and follows it if it likes. Reads the file only when the client has taken what it got: a slow one costs nothing but its
 * place, and after {@link #PATIENCE} it loses that.
 */
final class LogStream implements Flow.Publisher<String>, Flow.Subscription, Runnable {
    /** A client that takes nothing for so long is gone, or a program that was suspended. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** After so long without a line an empty chunk is sent, or the server would take the connection for an idle one. */
    static final Duration KEEP_ALIVE = Duration.ofMinutes(5);

    private static final Logger LOG = Logger.getLogger(LogStream.class);
    private static final String NOTHING = "";

    private final LogFollower follower;
    private final BooleanSupplier isThere;
    private final LongSupplier nanos;
    private final Runnable hangUp;
    private final LogPlaces.Place place;
    private final AtomicLong requested = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();

    private volatile Optional<Flow.Subscriber<? super String>> subscriber = Optional.empty();
    private volatile Runnable wake = () -> {};
    private volatile Runnable unschedule = () -> {};

    // Only run() uses these.
    private boolean begun;
    private long takenAt;
    private long sentAt;

    /**
     * @param isThere whether more may come: the service is there still
     * @param nanos monotonic nanoseconds
     * @param hangUp ends the client's connection
     * @param place given back at the end
     */
    LogStream(
            LogFollower follower, BooleanSupplier isThere, LongSupplier nanos, Runnable hangUp, LogPlaces.Place place) {
        this.follower = follower;
        this.isThere = isThere;
        this.nanos = nanos;
        this.hangUp = hangUp;
        this.place = place;
        this.takenAt = nanos.getAsLong();
        this.sentAt = takenAt;
    }

    /**
     * To be called once.
     *
     * @param timer runs the stream again and again, never twice at a time
     * @param executor runs it once more, on the timer's thread
     */
    void start(Function<Runnable, Future<?>> timer, Executor executor) {
        Future<?> looks = timer.apply(this);
        unschedule = () -> looks.cancel(false);
        wake = () -> executor.execute(this);
    }

    /** Each line with its end. */
    static String text(List<String> lines) {
        return lines.isEmpty() ? NOTHING : String.join("\n", lines) + "\n";
    }

    @Override
    public void subscribe(Flow.Subscriber<? super String> client) {
        subscriber = Optional.of(client);
        client.onSubscribe(this);
    }

    @Override
    public void request(long more) {
        requested.addAndGet(more);
        wake.run();
    }

    @Override
    public void cancel() {
        end();
    }

    @Override
    public void run() {
        if (over.get()) {
            return;
        }
        try {
            if (requested.get() > 0) {
                takenAt = nanos.getAsLong();
                serve(subscriber.orElseThrow());
            } else if (nanos.getAsLong() - takenAt > PATIENCE.toNanos()) {
                drop();
            }
        } catch (IOException | RuntimeException failed) {
            // The client sees its connection end; the timer would keep the reason to itself.
            LOG.warnf(failed, "a log can't be followed any longer");
            drop();
        }
    }

    private void serve(Flow.Subscriber<? super String> client) throws IOException {
        if (!begun) {
            // So that the client knows at once that it is connected.
            begun = true;
            send(client, NOTHING);
            return;
        }
        // Asked first: what it wrote before it went is sent.
        boolean more = isThere.getAsBoolean();
        while (requested.get() > 0) {
            List<String> lines = follower.next();
            if (!follower.hasBacklog()) {
                place.delivered();
            }
            if (lines.isEmpty()) {
                if (!more) {
                    complete(client);
                } else if (nanos.getAsLong() - sentAt > KEEP_ALIVE.toNanos()) {
                    send(client, NOTHING);
                }
                return;
            }
            send(client, text(lines));
        }
    }

    private void complete(Flow.Subscriber<? super String> client) {
        List<String> rest = follower.rest();
        if (!rest.isEmpty()) {
            send(client, text(rest));
        }
        if (end()) {
            client.onComplete();
        }
    }

    private void send(Flow.Subscriber<? super String> client, String text) {
        requested.decrementAndGet();
        sentAt = nanos.getAsLong();
        client.onNext(text);
    }

    /** In the middle of an answer there is no other way to say that it is not whole. */
    private void drop() {
        if (end()) {
            hangUp.run();
        }
    }

    private boolean end() {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            unschedule.run();
            place.close();
        }
        return first;
    }
}
