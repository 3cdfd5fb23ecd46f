package dev.berth.app;

import dev.berth.control.ControlPlane;
import dev.berth.control.UsageHistory;
import dev.berth.store.MeasurementStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Keeps what is measured of services: told of each look, written every minute. */
@ApplicationScoped
class HistoryWiring {
    @Produces
    @Singleton
    UsageHistory history(ControlPlane plane, MeasurementStore store, LiveSettings settings) {
        UsageHistory history = new UsageHistory(store, settings::measurements, InstantSource.system(), new ServerLog());
        plane.usage().tell(history);
        return history;
    }

    /** Its rhythm. */
    @ApplicationScoped
    static class Rhythm {
        private final UsageHistory history;

        Rhythm(UsageHistory history) {
            this.history = history;
        }

        @Scheduled(
                every = "1m",
                delayed = "1m",
                identity = "measurements",
                concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
        void write() {
            history.write();
        }

        void stop(@Observes ShutdownEvent event) {
            history.close();
        }
    }
}
