package dev.berth.app;

import dev.berth.config.SettingCatalog;
import dev.berth.config.Settings;
import dev.berth.notify.AllowList;
import dev.berth.notify.Damping;
import dev.berth.notify.Notifier;
import dev.berth.notify.Pace;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** Gives notifications their settings, their file and threads of their own. */
@ApplicationScoped
class NotifyWiring {
    private static final Logger LOG = Logger.getLogger(NotifyWiring.class);
    private static final String FILE = "notifications.json";

    /** What the loop does first is told too. */
    private static final int BEFORE_THE_LOOP = 1;

    private final ExecutorService channels = Executors.newCachedThreadPool(Threads.named("berth-webhook"));
    /** Changes of settings in their order, off the writer's thread. */
    private final ExecutorService changes = Threads.one("berth-webhooks");

    @Produces
    @Singleton
    Notifier notifier(Registry registry, Store store, LiveSettings settings) {
        return Notifier.open(
                new Notifier.Around(
                        registry,
                        store,
                        store.inMemory(),
                        Pace.USUAL,
                        () -> damping(settings.settings()),
                        InstantSource.system(),
                        RandomGenerator.getDefault(),
                        LOG::warn),
                () -> new AllowList(settings.settings().get(SettingCatalog.NOTIFICATIONS_ALLOWED)),
                System::nanoTime,
                channels,
                Startup.handed().flatMap(startup -> startup.data().path()).map(path -> path.resolve(FILE)));
    }

    private static Damping damping(Settings settings) {
        return new Damping(
                settings.get(SettingCatalog.FLAP_CHANGES),
                settings.get(SettingCatalog.FLAP_WINDOW),
                settings.get(SettingCatalog.FLAP_CALM));
    }

    void start(@Observes @Priority(BEFORE_THE_LOOP) StartupEvent event, Notifier notifier, LiveSettings settings) {
        notifier.configure(settings.settings().get(SettingCatalog.WEBHOOKS));
        settings.onChange(() ->
                changes.execute(() -> notifier.configure(settings.settings().get(SettingCatalog.WEBHOOKS))));
    }

    void stop(@Observes ShutdownEvent event, Notifier notifier) {
        changes.shutdown();
        notifier.close();
        channels.shutdownNow();
    }
}
