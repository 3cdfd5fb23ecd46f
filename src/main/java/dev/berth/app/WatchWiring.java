package dev.berth.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.api.Watches;
import dev.berth.control.Authority;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Gives those who watch a thread. */
@ApplicationScoped
class WatchWiring {
    private final ScheduledThreadPoolExecutor watchers = Threads.scheduled("berth-watchers");

    @Produces
    @Singleton
    Watches watches(Registry registry, Store store, ObjectMapper json, Authority authority) {
        return new Watches(registry, store, json, watchers, System::nanoTime, authority::isStill);
    }

    void stop(@Observes ShutdownEvent event) {
        watchers.shutdownNow();
    }
}
