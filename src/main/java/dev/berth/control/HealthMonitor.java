package dev.berth.control;

import static java.util.Objects.requireNonNull;

import dev.berth.health.HealthCheck;
import dev.berth.health.HealthCheck.Result;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.HealthReading;
import dev.berth.model.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Checks the health of what runs, in time and never two checks of a service at once, and keeps what was seen in memory. Checks
 * run on an executor; a pass ({@link #run}) only begins those that are due. A service whose verdict changes is enqueued.
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
    private final HealthThreads threads;
    private final Supplier<Duration> usualInterval;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final RandomGenerator random;
    private final Consumer<WorkKey> enqueue;

    private final ReentrantLock lock = new ReentrantLock();
    // All guarded by lock.
    private final Map<ServiceKey, HealthWatch> watches = new HashMap<>();
    private final Map<ServiceKey, Deque<Sample>> samples = new HashMap<>();
    private final Map<ServiceKey, HealthFlight> flights = new HashMap<>();
    /** Of those that are watched, when the next check is due, or that of before is given up. */
    private final Turns<ServiceKey> turns = new Turns<>();
    /** When a check that is under way is given up. */
    private final Turns<ServiceKey> ends = new Turns<>();

    private int atOnce;
    /** A check that is due waits until another has ended. */
    private boolean crowded;

    /** One result. */
    public record Sample(Instant at, Duration took, boolean healthy) {}

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
        this.clock = clock;
        this.ticker = ticker;
        this.random = random;
        this.enqueue = enqueue;
        this.threads = new HealthThreads(executor, ticker, this::check, flight -> finish(flight, Optional.empty()));
    }

    /**
     * From now on the service is checked like this. Another launch, or another check, begins anew; what is watched already
     * goes on.
     *
     * @param resolved with templates filled
     */
    public void watch(ServiceKey key, String launch, HealthCheckSpec resolved, HealthCheck.Context context) {
        if (begins(key, launch, resolved, context)) {
            enqueue.accept(WorkKey.health());
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
            turns.put(key, watch.due());
        } finally {
            lock.unlock();
        }
        enqueue.accept(WorkKey.health());
    }

    private boolean begins(ServiceKey key, String launch, HealthCheckSpec resolved, HealthCheck.Context context) {
        lock.lock();
        try {
            long now = ticker.getAsLong();
            HealthWatch present = watches.get(key);
            if (present == null || !present.isOf(launch, resolved)) {
                HealthWatch watch = new HealthWatch(launch, resolved, context, now);
                watches.put(key, watch);
                turns.put(key, watch.due());
                return true;
            }
            present.around(context);
            if (present.hurry(interval(resolved), now)) {
                turns.put(key, present.due());
                return true;
            }
            return isLost(now);
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
            turns.remove(key);
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

    /** Sees to it that checks go on where a full queue has refused them. To be called now and then. */
    void recover() {
        boolean lost;
        lock.lock();
        try {
            lost = isLost(ticker.getAsLong());
        } finally {
            lock.unlock();
        }
        if (lost) {
            enqueue.accept(WorkKey.health());
        }
    }

    private boolean isLost(long now) {
        OptionalLong first = turns.first();
        return !crowded && first.isPresent() && now - first.getAsLong() > LOST.toNanos();
    }

    /**
     * Begins the checks that are due.
     *
     * @return how long until this is to be asked again; empty when that will be enqueued, or nothing is watched
     */
    Optional<Duration> run() {
        List<HealthFlight> begun = new ArrayList<>();
        lock.lock();
        try {
            long now = ticker.getAsLong();
            for (Optional<ServiceKey> hanging = ends.due(now); hanging.isPresent(); hanging = ends.due(now)) {
                giveUp(hanging.get());
            }
            crowded = false;
            for (Optional<ServiceKey> next = turns.due(now); next.isPresent() && !crowded; next = turns.due(now)) {
                begin(next.get(), now).ifPresent(begun::add);
            }
        } finally {
            lock.unlock();
        }
        threads.carryOut(begun);
        Optional<Duration> relief = threads.relieve();
        lock.lock();
        try {
            long now = ticker.getAsLong();
            // Who waits for room comes when a check ends, by itself or by being given up.
            OptionalLong next = crowded ? ends.first() : turns.first();
            Optional<Duration> again = next.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Duration.ofNanos(Math.max(0, next.getAsLong() - now)));
            return Stream.of(again, relief).flatMap(Optional::stream).min(Duration::compareTo);
        } finally {
            lock.unlock();
        }
    }

    /** Empty when it can't be begun now: the one before is under way, or too many others are. */
    private Optional<HealthFlight> begin(ServiceKey key, long now) {
        HealthWatch watch = requireNonNull(watches.get(key));
        HealthFlight before = flights.get(key);
        if (before != null) {
            pending(before, watch, now);
            return Optional.empty();
        }
        if (atOnce >= AT_ONCE) {
            crowded = true;
            return Optional.empty();
        }
        HealthFlight flight = new HealthFlight(key, watch, end(watch, now));
        flights.put(key, flight);
        ends.put(key, flight.end());
        atOnce++;
        watch.begin(interval(watch.spec()), random, now);
        turns.put(key, watch.due());
        return Optional.of(flight);
    }

    private static long end(HealthWatch watch, long begun) {
        return begun + watch.spec().timeout().plus(PATIENCE).toNanos();
    }

    /** A check is still under way when the next one is due; one that takes too long has failed. */
    private void pending(HealthFlight flight, HealthWatch watch, long now) {
        flight.await();
        if (!flight.isGivenUp()) {
            turns.put(flight.key(), flight.end());
            return;
        }
        watch.begin(interval(watch.spec()), random, now);
        record(
                flight.key(),
                watch,
                new Result(
                        false,
                        "the check \"" + watch.spec().kind() + "\" hangs: it should have ended long ago",
                        watch.spec().timeout().plus(PATIENCE)));
    }

    private void giveUp(ServiceKey key) {
        requireNonNull(flights.get(key)).giveUp();
        ends.remove(key);
        makeRoom();
    }

    private void check(HealthFlight flight) {
        lock.lock();
        try {
            // It may have waited for others since.
            if (!flight.isGivenUp()) {
                flight.endsAt(end(flight.watch(), ticker.getAsLong()));
                ends.put(flight.key(), flight.end());
            }
        } finally {
            lock.unlock();
        }
        Result result = new Result(
                false,
                "the check \"" + flight.spec().kind() + "\" ended by a fault of its own, see the log",
                Duration.ZERO);
        try {
            result = probe.look(flight.spec(), flight.context());
        } finally {
            // By an error too: what never ends would never begin again.
            finish(flight, Optional.of(result));
        }
    }

    private void finish(HealthFlight flight, Optional<Result> result) {
        ServiceKey key = flight.key();
        lock.lock();
        try {
            flights.remove(key);
            HealthWatch watch = watches.get(key);
            if (!flight.isGivenUp()) {
                ends.remove(key);
                makeRoom();
                if (watch == flight.watch()) {
                    result.ifPresent(seen -> record(key, flight.watch(), seen));
                }
            }
            if (flight.isAwaited() && watch != null) {
                turns.put(key, watch.due());
                enqueue.accept(WorkKey.health());
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
        turns.put(key, watch.due());
    }

    private void makeRoom() {
        atOnce--;
        if (crowded) {
            crowded = false;
            enqueue.accept(WorkKey.health());
        }
    }

    private Duration interval(HealthCheckSpec spec) {
        return spec.interval().orElseGet(usualInterval);
    }
}
