package dev.berth.control;

import dev.berth.host.HostObserver;
import dev.berth.host.ObservationException;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Feeds the queue and carries out passes. Either threads do it ({@link #start}), or one thread pumps it ({@link #recover},
 * then {@link #runNext}); never both.
 */
public final class ControlLoop implements AutoCloseable {
    /** How often a pass that met a concurrent change is made again at once, before it backs off. */
    private static final int STALE_TRIES = 3;

    /** A pass takes milliseconds, at worst a thorough look and a commit. */
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    /** One subject of {@link Troubles} for all keys: it is the same store. */
    private static final String STORE = "the store";

    private final WorkQueue<WorkKey> queue;
    private final Registry registry;
    private final HostObserver observer;
    private final Looks looks;
    private final ServiceReconciler services;
    private final Calm calm;
    private final EvictionReconciler evictions;
    private final ReservationReconciler reservations;
    private final HealthMonitor health;
    private final ExitWatches watches;
    private final Concerned concerned;
    private final Troubles troubles;
    private final InstantSource clock;
    private final Limits limits;
    private final Resync resync;
    private final Phaser workers = new Phaser();
    private final List<PassListener> listeners = new CopyOnWriteArrayList<>();

    private volatile Optional<Instant> lastObservation = Optional.empty();
    private volatile Optional<Instant> lastPass = Optional.empty();
    private volatile Optional<Instant> lastResync = Optional.empty();

    ControlLoop(
            WorkQueue<WorkKey> queue,
            Registry registry,
            HostObserver observer,
            Looks looks,
            ServiceReconciler services,
            Calm calm,
            EvictionReconciler evictions,
            ReservationReconciler reservations,
            HealthMonitor health,
            ExitWatches watches,
            Concerned concerned,
            Troubles troubles,
            InstantSource clock,
            Limits limits) {
        this.queue = queue;
        this.registry = registry;
        this.observer = observer;
        this.looks = looks;
        this.services = services;
        this.calm = calm;
        this.evictions = evictions;
        this.reservations = reservations;
        this.health = health;
        this.watches = watches;
        this.concerned = concerned;
        this.troubles = troubles;
        this.clock = clock;
        this.limits = limits;
        this.resync = new Resync(queue, registry, watches::isWatched, calm::lasts);
    }

    /** Takes up what the store says is under way, enqueues everything, and starts the workers on the executor. */
    public void start(Executor executor) {
        recover();
        for (int worker = 0; worker < limits.workers(); worker++) {
            workers.register();
            executor.execute(this::work);
        }
    }

    /** The first half of {@link #start}: for a pumped loop. */
    public void recover() {
        reservations.recover();
        observer.onSocketGone(this::socketGone);
        resync();
    }

    /**
     * Carries out one pass of the key that has been ready longest, on the calling thread.
     *
     * @return false when no key is ready now
     */
    public boolean runNext() {
        Optional<WorkKey> key = queue.poll();
        key.ifPresent(this::run);
        return key.isPresent();
    }

    /** How long until a key becomes ready; zero when one is, empty when none is waiting at all. */
    public Optional<Duration> untilNext() {
        return queue.untilNext();
    }

    /** Enqueues everything that is declared or under way, except what failed and waits for its next try. */
    public void resync() {
        reservations.resync().forEach(queue::addUnlessBackingOff);
        resync.all();
        lastResync = Optional.of(clock.instant());
    }

    /** To be called at every reconcile interval: enqueues what is not settled, and some of the rest in turn. */
    public void resyncNext() {
        reservations.resync().forEach(queue::addUnlessBackingOff);
        resync.next();
        health.recover();
        lastResync = Optional.of(clock.instant());
    }

    /**
     * After a write that failed: tries another one. Where everything is as wanted nothing else is written, and Berth would go on
     * saying that it can't. To be called once a second; waits as long as the write takes.
     */
    public void retryWriting() {
        Optional<String> trouble = registry.writeTrouble();
        if (trouble.isEmpty()) {
            return;
        }
        try {
            registry.commit(ChangeSet.builder()
                    .audit(Audits.storeRecovered(clock.instant(), trouble.orElseThrow()))
                    .build());
            troubles.end(STORE);
        } catch (StoreException | StaleVersionException e) {
            troubles.begin(STORE, unusable(e));
        }
    }

    /**
     * Looks at the machine, keeps the look as the latest, and enqueues what is concerned with ports that changed. Now and then
     * the observer knows that it would see what it saw a moment ago, and no look is made.
     */
    public void observeTick() {
        try {
            if (looks.tickIfChanged()) {
                lastObservation = Optional.of(clock.instant());
            }
            troubles.end("observing the machine");
        } catch (ObservationException e) {
            troubles.begin("observing the machine", "the machine can't be observed: " + e.getMessage());
        }
    }

    /** Asks for a pass soon. Asking for the same key twice makes one pass. */
    public void enqueue(WorkKey key) {
        queue.add(key);
    }

    /** Told of every pass from now on. */
    public void onPass(PassListener listener) {
        listeners.add(listener);
    }

    /** The latest look; empty before the first. */
    public Optional<HostSnapshot> latest() {
        return looks.latest();
    }

    /** How the loop gets on. */
    public LoopProgress progress() {
        WorkQueue.Depth depth = queue.depth();
        return new LoopProgress(
                lastObservation,
                looks.trouble(),
                lastPass,
                lastResync,
                depth.ready(),
                depth.oldestReady(),
                depth.running(),
                depth.longestRunning(),
                depth.failing());
    }

    /** Lets passes under way end, takes no further key. Nothing is lost: what is under way is in the store. */
    @Override
    public void close() {
        queue.close();
        watches.close();
        if (workers.getRegisteredParties() > 0) {
            try {
                workers.awaitAdvanceInterruptibly(workers.getPhase(), CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (TimeoutException e) {
                troubles.begin("closing", "a pass did not end within " + CLOSE_WAIT.toSeconds() + " s; left behind");
            }
        }
        try {
            services.close();
        } catch (ObservationException | StoreException | StaleVersionException e) {
            troubles.begin(
                    "closing",
                    "what became of a start could not be stored; the next Berth looks for it: " + e.getMessage());
        }
    }

    /** Enqueues what a change on these ports concerns. */
    void changed(Set<PortKey> ports) {
        concerned.with(ports).forEach(queue::add);
    }

    private void socketGone(PortKey port) {
        looks.outdated();
        changed(Set.of(port));
    }

    private void work() {
        try {
            for (Optional<WorkKey> key = queue.take(); key.isPresent(); key = queue.take()) {
                run(key.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            workers.arriveAndDeregister();
        }
    }

    private static String unusable(Exception failed) {
        return "the store can't be used, nothing is done that needs it: " + failed.getMessage();
    }

    private void run(WorkKey key) {
        PassListener.Outcome outcome = PassListener.Outcome.DEFECT;
        try {
            Optional<Duration> again = pass(key);
            queue.forget(key);
            again.ifPresent(delay -> queue.addAgain(key, delay));
            lastPass = Optional.of(clock.instant());
            troubles.end(key);
            outcome = PassListener.Outcome.SUCCEEDED;
        } catch (StoreException e) {
            troubles.begin(STORE, unusable(e));
            outcome = PassListener.Outcome.STORE;
            queue.retry(key);
        } catch (StaleVersionException | ObservationException | UnsettledException e) {
            troubles.begin(key, String.valueOf(e.getMessage()));
            outcome = PassListener.Outcome.of(e);
            queue.retry(key);
        } catch (RuntimeException e) {
            troubles.begin(key, "a pass for the " + key + " broke off, which is a fault of Berth: " + e);
            queue.retry(key);
        } finally {
            Duration took = queue.done(key);
            for (PassListener listener : listeners) {
                listener.passed(key, outcome, took);
            }
        }
    }

    private Optional<Duration> pass(WorkKey key)
            throws StoreException, StaleVersionException, ObservationException, UnsettledException {
        if (key instanceof WorkKey.OfHealth) {
            return health.run();
        }
        for (int tries = 1; ; tries++) {
            try {
                Optional<Duration> again = reconcile(key);
                if (registry.writeTrouble().isEmpty()) {
                    troubles.end(STORE);
                }
                return again;
            } catch (StaleVersionException e) {
                if (tries == STALE_TRIES) {
                    throw e;
                }
            }
        }
    }

    private Optional<Duration> reconcile(WorkKey key)
            throws StoreException, StaleVersionException, ObservationException, UnsettledException {
        if (key instanceof WorkKey.OfReservation reservation) {
            return reservations.reconcile(reservation.port());
        }
        return key instanceof WorkKey.OfService service
                ? calm.watch(service.service(), () -> services.reconcile(service.service()))
                : evictions.reconcile(((WorkKey.OfEviction) key).port());
    }
}
