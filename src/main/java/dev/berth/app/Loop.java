package dev.berth.app;

import dev.berth.config.SettingCatalog;
import dev.berth.control.ControlPlane;
import dev.berth.model.ServiceKey;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Gives the control loop its threads and its two rhythms: the observer's ticker, and the slower look at everything. */
@ApplicationScoped
class Loop {
    private static final Logger LOG = Logger.getLogger(Loop.class);

    /** How long a stop waits for passes under way; what is under way is in the store and goes on after the next start. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    /** After at most so long a shortened interval holds. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final ControlPlane plane;
    private final LiveSettings settings;
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(Threads.named("berth-observer"));
    private final ExecutorService workers = Executors.newCachedThreadPool(Threads.named("berth-worker"));
    // Only the ticker's thread uses it.
    private String tickDefect = "";
    // Only the ticker's thread uses it, once it runs.
    private long lastTick = System.nanoTime();
    /** Whether the next resync is of everything, not only of what is not settled. */
    private final AtomicBoolean everything = new AtomicBoolean();

    private final AtomicLong lastResync = new AtomicLong(System.nanoTime());

    Loop(ControlPlane plane, LiveSettings settings) {
        this.plane = plane;
        this.settings = settings;
    }

    void start(@Observes StartupEvent event) {
        plane.loop().start(workers);
        // What is set counts for every service now, not with the next resync.
        settings.onChange(() -> everything.set(true));
        scheduleTick();
    }

    /** Each tick arranges the next one, so that a slow look delays rather than piles up. A long interval is waited for in steps, so that a shorter one holds at once. */
    private void scheduleTick() {
        Duration interval = settings.settings().get(SettingCatalog.OBSERVE_INTERVAL);
        long wait = Math.max(0, interval.toNanos() - (System.nanoTime() - lastTick));
        ticker.schedule(
                () -> {
                    try {
                        if (isTickDue()) {
                            lastTick = System.nanoTime();
                            plane.loop().observeTick();
                        }
                        tickDefect = "";
                    } catch (RuntimeException defect) {
                        tellOnce(defect);
                    } finally {
                        scheduleTick();
                    }
                },
                Math.min(wait, LONGEST_WAIT.toNanos()),
                TimeUnit.NANOSECONDS);
    }

    private boolean isTickDue() {
        long interval = settings.settings().get(SettingCatalog.OBSERVE_INTERVAL).toNanos();
        return System.nanoTime() - lastTick >= interval;
    }

    /** The executor would keep a failure to itself; told once per kind, because a tick comes several times a second. */
    private void tellOnce(RuntimeException defect) {
        if (!tickDefect.equals(defect.toString())) {
            tickDefect = defect.toString();
            LOG.error("a look at the machine broke off, which is a fault of Berth; looking goes on", defect);
        }
    }

    /** Both in one: once awake, a processor does the second for a fraction of what it takes to wake up for it. */
    @Scheduled(every = "1s", identity = "seconds", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void everySecond() {
        try {
            resync();
        } finally {
            plane.usage().sampleWhenDue();
        }
    }

    private void resync() {
        long interval =
                settings.settings().get(SettingCatalog.RECONCILE_INTERVAL).toNanos();
        long now = System.nanoTime();
        plane.loop().retryWriting();
        // Half a period of slack, so that an interval of one period is not skipped by jitter.
        if (everything.getAndSet(false)) {
            lastResync.set(now);
            plane.loop().resync();
        } else if (now - lastResync.get() >= interval - TimeUnit.MILLISECONDS.toNanos(500)) {
            lastResync.set(now);
            plane.loop().resyncNext();
        }
    }

    /** Ends the services with Berth, or leaves them for the next one, as the settings say. */
    private void services() {
        List<String> running =
                plane.running().stream().map(ServiceKey::toString).toList();
        if (running.isEmpty()) {
            return;
        }
        if (!endsServices()) {
            LOG.infof("left running, for the next Berth to take up: %s", String.join(", ", running));
            return;
        }
        try {
            List<ServiceKey> left = plane.stopServices(settings.settings().get(SettingCatalog.SHUTDOWN_TIMEOUT));
            if (left.isEmpty()) {
                LOG.infof("stopped: %s", String.join(", ", running));
            } else {
                LOG.warnf("still running after the time that shutdown.timeout allows, and left: %s", left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first process of a container takes its services along: nobody would be there to take them up. */
    private boolean endsServices() {
        String word = settings.settings().get(SettingCatalog.ON_SHUTDOWN);
        return word.equals("stop")
                || (word.equals("auto") && ProcessHandle.current().pid() == 1);
    }

    void stop(@Observes ShutdownEvent event) {
        services();
        ticker.shutdownNow();
        plane.close();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("passes were still under way; they go on after the next start");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
