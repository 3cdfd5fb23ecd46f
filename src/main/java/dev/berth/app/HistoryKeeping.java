package dev.berth.app;

import dev.berth.config.SettingCatalog;
import dev.berth.config.Settings;
import dev.berth.control.UsageHistory;
import dev.berth.store.MeasurementStore;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * Keeps the history, and what was measured, within what the settings say: every ten minutes, and at once when they say
 * something else.
 */
@ApplicationScoped
class HistoryKeeping {
    private static final Logger LOG = Logger.getLogger(HistoryKeeping.class);

    private final LiveSettings settings;
    private final Store store;
    private final UsageHistory measured;
    private final InstantSource clock = InstantSource.system();
    /** It may take long, and whoever asks for it waits for nothing. */
    private final ScheduledThreadPoolExecutor background = Threads.scheduled("berth-retention");

    private final AtomicReference<Limits> latest;
    private final AtomicReference<MeasurementStore.Keep> latestOfMeasured;

    /** What the settings say. */
    private record Limits(Duration age, int count) {
        static Limits of(Settings settings) {
            return new Limits(settings.get(SettingCatalog.HISTORY_AGE), settings.get(SettingCatalog.HISTORY_COUNT));
        }
    }

    HistoryKeeping(LiveSettings settings, Store store, UsageHistory measured) {
        this.settings = settings;
        this.store = store;
        this.measured = measured;
        this.latest = new AtomicReference<>(Limits.of(settings.settings()));
        this.latestOfMeasured = new AtomicReference<>(settings.measurements());
    }

    void start(@Observes StartupEvent event) {
        settings.onChange(this::changed);
    }

    private void changed() {
        Limits now = Limits.of(settings.settings());
        if (!now.equals(latest.getAndSet(now))) {
            background.execute(this::shorten);
        }
        MeasurementStore.Keep keep = settings.measurements();
        if (!keep.equals(latestOfMeasured.getAndSet(keep))) {
            background.execute(measured::shorten);
        }
    }

    @Scheduled(every = "10m", delayed = "1m", identity = "retention")
    void rhythm() {
        background.execute(this::shorten);
        background.execute(measured::shorten);
    }

    private void shorten() {
        Limits limits = Limits.of(settings.settings());
        try {
            int gone = store.retain(clock.instant().minus(limits.age()), limits.count());
            if (gone > 0) {
                LOG.infof(
                        "%d rows of history were older than %s or beyond the newest %d, and went",
                        gone, limits.age(), limits.count());
            }
        } catch (StoreException failed) {
            LOG.warnf("history could not be shortened (%s); tried again in ten minutes", failed.getMessage());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        background.shutdownNow();
    }
}
