package dev.berth.control;

import dev.berth.health.HealthCheck;
import dev.berth.health.HealthCheck.Result;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.HealthReading;
import dev.berth.model.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Checks the health of what runs, in time and never two checks of a service at once, and keeps what was seen in memory. Checks
 * run on an executor; a pass ({@link #run}) only begins one. A service whose verdict changes is enqueued.
 */
public final class HealthMonitor {
    /** How many of a service's results are kept: ten minutes of the usual interval. */
    private static final int SAMPLES = 60;

    /** Checks at once. A hanging one takes a thread for its timeout, so that a hundred of them are through in seconds. */
    private static final int AT_ONCE = 32;

    /** How much longer than its timeout a check may take. Berth's own don't; beyond it a plugin's is given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** A check that is due and that long not begun has been lost by a full queue. */
    private static final Duration LOST = Duration.ofSeconds(1);

    private final HealthProbe probe;
    private final Supplier<Duration> usualInterval;
    private final Executor executor;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final RandomGenerator random;
    private final Consumer<WorkKey> enqueue;

    private final ReentrantLock lock = new ReentrantLock();
    // All guarded by lock.
    private final Map<ServiceKey, HealthWatch> watches = new HashMap<>();
    private final Map<ServiceKey, Deque<Sample>> samples = new HashMap<>();
    private final Map<ServiceKey, Flight> flights = new HashMap<>();
    private final Set<ServiceKey> waiting = new LinkedHashSet<>();
    private int atOnce;

    /** One result. */
    public record Sample(Instant at, Duration took, boolean healthy) {}

    /** A check under way. */
    private static final class Flight {
        final HealthWatch watch;
        final HealthCheck.Context context;
        final long begun;
        /** A pass came meanwhile, and another is wanted when this has ended. */
        boolean awaited;

        boolean givenUp;

        Flight(HealthWatch watch, HealthCheck.Context context, long begun) {
            this.watch = watch;
            this.context = context;
            this.begun = begun;
        }
    }

    /**
     * @param checks by kind
     * @param usualInterval between the checks of services that don't say so, as it is now
     * @param executor for the checks, which take as long as they take; {@code Runnable::run} does them at once
     * @param random spreads them over time
     * @param enqueue asks for a pass soon; returns at once
     */
    public HealthMonitor(
            Map<String, HealthCheck> checks,
            Supplier<Duration> usualInterval,
            Executor executor,
            InstantSource clock,
            LongSupplier ticker,
            RandomGenerator random,
            Consumer<WorkKey> enqueue) {
        this.probe = new HealthProbe(checks, ticker);
        this.usualInterval = usualInterval;
        this.executor = executor;
        this.clock = clock;
        this.ticker = ticker;
        this.random = random;
        this.enqueue = enqueue;
    }

    /**
     * From now on the service is checked like this. Another launch, or another check, begins anew; what is watched already
     * goes on.
     *
     * @param resolved with templates filled
     */
    public void watch(ServiceKey key, String launch, HealthCheckSpec resolved, HealthCheck.Context context) {
        if (begins(key, launch, resolved, context)) {
            enqueue.accept(WorkKey.health(key));
        }
    }

    /** Checks it now if it has yet to become healthy: its port has changed. */
    void hurry(ServiceKey key) {
        lock.lock();
        try {
            HealthWatch watch = watches.get(key);
            if (watch == null || !watch.hurry(ticker.getAsLong())) {
                return;
            }
        } finally {
            lock.unlock();
        }
        enqueue.accept(WorkKey.health(key));
    }

    private boolean begins(ServiceKey key, String launch, HealthCheckSpec resolved, HealthCheck.Context context) {
        lock.lock();
        try {
            long now = ticker.getAsLong();
            HealthWatch present = watches.get(key);
            if (present == null || !present.isOf(launch, resolved)) {
                watches.put(key, new HealthWatch(launch, resolved, context, now));
                return true;
            }
            present.around(context);
            boolean lost = !flights.containsKey(key)
                    && present.untilDue(now).plus(LOST).isNegative();
            return present.hurry(interval(resolved), now) || lost;
        } finally {
            lock.unlock();
        }
    }

    /** The service is no longer checked, and what was seen is forgotten. */
    public void unwatch(ServiceKey key) {
        lock.lock();
        try {
            watches.remove(key);
            samples.remove(key);
            waiting.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** What its check says of that launch; empty as long as there is no result. */
    public Optional<HealthReading> reading(ServiceKey key, String launch) {
        lock.lock();
        try {
            return Optional.ofNullable(watches.get(key))
                    .filter(watch -> watch.isOfLaunch(launch))
                    .flatMap(HealthWatch::latest);
        } finally {
            lock.unlock();
        }
    }

    /** The latest results, of earlier launches too, oldest first. */
    public List<Sample> recent(ServiceKey key) {
        lock.lock();
        try {
            return List.copyOf(samples.getOrDefault(key, new ArrayDeque<>()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins the service's check when it is due.
     *
     * @return how long until it is to be asked again; empty when that will be enqueued, or the service isn't watched
     */
    Optional<Duration> run(ServiceKey key) {
        Optional<Flight> begun = Optional.empty();
        lock.lock();
        try {
            HealthWatch watch = watches.get(key);
            if (watch == null) {
                offerRoom();
                return Optional.empty();
            }
            long now = ticker.getAsLong();
            Flight flight = flights.get(key);
            if (flight != null) {
                return pending(key, flight, watch, now);
            }
            Duration left = watch.untilDue(now);
            if (left.compareTo(Duration.ZERO) > 0) {
                offerRoom();
                return Optional.of(left);
            }
            if (atOnce >= AT_ONCE) {
                waiting.add(key);
                return Optional.empty();
            }
            begun = Optional.of(begin(key, watch, now));
        } finally {
            lock.unlock();
        }
        return begun.flatMap(flight -> carryOut(key, flight));
    }

    /** A check is still under way when the next pass comes; one that takes too long is given up. */
    private Optional<Duration> pending(ServiceKey key, Flight flight, HealthWatch watch, long now) {
        flight.awaited = true;
        long end = flight.begun + flight.watch.spec().timeout().plus(PATIENCE).toNanos();
        if (end - now > 0) {
            return Optional.of(Duration.ofNanos(end - now));
        }
        if (!flight.givenUp) {
            flight.givenUp = true;
            makeRoom();
        }
        if (watch.untilDue(now).compareTo(Duration.ZERO) <= 0) {
            watch.begin(interval(watch.spec()), random, now);
            record(
                    key,
                    watch,
                    new Result(
                            false,
                            "the check \"" + watch.spec().kind() + "\" hangs: it should have ended long ago",
                            Duration.ofNanos(now - flight.begun)));
        }
        return Optional.of(watch.untilDue(now));
    }

    private Flight begin(ServiceKey key, HealthWatch watch, long now) {
        Flight flight = new Flight(watch, watch.context(), now);
        flights.put(key, flight);
        atOnce++;
        watch.begin(interval(watch.spec()), random, now);
        return flight;
    }

    private Optional<Duration> carryOut(ServiceKey key, Flight flight) {
        try {
            executor.execute(() -> finish(key, flight, Optional.of(probe.look(flight.watch.spec(), flight.context))));
        } catch (RejectedExecutionException closing) {
            finish(key, flight, Optional.empty());
            return Optional.empty();
        }
        lock.lock();
        try {
            return Optional.ofNullable(watches.get(key))
                    .filter(watch -> watch == flight.watch)
                    .map(watch -> watch.untilDue(ticker.getAsLong()));
        } finally {
            lock.unlock();
        }
    }

    private void finish(ServiceKey key, Flight flight, Optional<Result> result) {
        lock.lock();
        try {
            flights.remove(key);
            if (!flight.givenUp) {
                makeRoom();
                if (watches.get(key) == flight.watch) {
                    result.ifPresent(seen -> record(key, flight.watch, seen));
                }
            }
            if (flight.awaited) {
                enqueue.accept(WorkKey.health(key));
            }
        } finally {
            lock.unlock();
        }
    }

    private void record(ServiceKey key, HealthWatch watch, Result result) {
        Instant at = clock.instant();
        Deque<Sample> kept = samples.computeIfAbsent(key, none -> new ArrayDeque<>());
        kept.addLast(new Sample(at, result.took(), result.healthy()));
        if (kept.size() > SAMPLES) {
            kept.removeFirst();
        }
        if (watch.settle(result, at, interval(watch.spec()), random, ticker.getAsLong())) {
            enqueue.accept(WorkKey.service(key));
        }
    }

    private void makeRoom() {
        atOnce--;
        offerRoom();
    }

    /** Not to all who wait: of a thousand that come together each would be asked again whenever one has ended. */
    private void offerRoom() {
        Iterator<ServiceKey> next = waiting.iterator();
        for (int room = AT_ONCE - atOnce; room > 0 && next.hasNext(); room--) {
            enqueue.accept(WorkKey.health(next.next()));
            next.remove();
        }
    }

    private Duration interval(HealthCheckSpec spec) {
        return spec.interval().orElseGet(usualInterval);
    }
}
