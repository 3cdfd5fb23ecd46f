package dev.berth.app;

import dev.berth.api.SourceState;
import dev.berth.api.SourceWatches;
import dev.berth.config.SettingCatalog;
import dev.berth.control.ControlPlane;
import dev.berth.control.LoopProgress;
import dev.berth.model.Mode;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * What the probes answer. Live: the loop is not stuck. Ready: database, loop, observer and critical services, each told
 * apart. Started: the machine was seen once.
 */
@ApplicationScoped
class Probes {
    /** A pass waits for nothing longer than the store's busy timeout; this is many of those, so only a stuck one is over it. */
    private static final Duration STUCK_AFTER = Duration.ofMinutes(2);

    /** How many missed rhythms make the loop or the observer not ready, and never less than {@link #PATIENCE}. */
    private static final int MISSED_ROUNDS = 10;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ControlPlane plane;
    private final Registry registry;
    private final Store store;
    private final LiveSettings settings;
    private final SourceWatches watches;
    private final Mode mode;
    private final InstantSource clock = InstantSource.system();

    Probes(
            ControlPlane plane,
            Registry registry,
            Store store,
            LiveSettings settings,
            SourceWatches watches,
            Mode mode) {
        this.plane = plane;
        this.registry = registry;
        this.store = store;
        this.settings = settings;
        this.watches = watches;
        this.mode = mode;
    }

    @Produces
    @Liveness
    HealthCheck loopIsNotStuck() {
        return () -> {
            Duration longest = plane.loop().progress().longestPass();
            return HealthCheckResponse.named("loop")
                    .status(longest.compareTo(STUCK_AFTER) < 0)
                    .withData("longestPass", longest.toMillis() + "ms")
                    .build();
        };
    }

    @Produces
    @Startup
    HealthCheck machineWasSeen() {
        return () -> HealthCheckResponse.named("started")
                .status(plane.loop().latest().isPresent())
                .build();
    }

    @Produces
    @Readiness
    HealthCheck database() {
        return () -> {
            Optional<String> trouble = registry.writeTrouble();
            HealthCheckResponseBuilder answer =
                    HealthCheckResponse.named("database").status(trouble.isEmpty());
            trouble.ifPresent(words -> answer.withData("trouble", words));
            return answer.withData("storage", store.inMemory() ? "memory: nothing is kept after a stop" : "disk")
                    .build();
        };
    }

    @Produces
    @Readiness
    HealthCheck loop() {
        return () -> {
            LoopProgress progress = plane.loop().progress();
            Duration allowed = patience(settings.settings().get(SettingCatalog.RECONCILE_INTERVAL));
            return HealthCheckResponse.named("loop")
                    .status(isRecent(progress.lastResync(), allowed)
                            && progress.oldestReady().compareTo(allowed) < 0)
                    .withData("queued", progress.queueDepth())
                    .withData("running", progress.running())
                    .withData("failing", progress.failing())
                    .build();
        };
    }

    @Produces
    @Readiness
    HealthCheck observer() {
        return () -> {
            LoopProgress progress = plane.loop().progress();
            Duration allowed = patience(settings.settings().get(SettingCatalog.OBSERVE_INTERVAL));
            HealthCheckResponseBuilder answer =
                    HealthCheckResponse.named("observer").status(isRecent(progress.lastObservation(), allowed));
            progress.observationTrouble().ifPresent(words -> answer.withData("trouble", words));
            plane.loop()
                    .latest()
                    .map(look -> String.join("; ", look.completeness().gaps()))
                    .filter(gaps -> !gaps.isEmpty())
                    .ifPresent(gaps -> answer.withData("notSeen", gaps));
            return answer.build();
        };
    }

    /** Seeing less than the machine is no fault: up, and told, so that nobody takes a quiet container for a free machine. */
    @Produces
    @Readiness
    HealthCheck observation() {
        Surroundings around = Surroundings.detect(dev.berth.app.Startup.handed()
                .map(dev.berth.app.Startup::environment)
                .orElseGet(System::getenv));
        return () -> {
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("observation")
                    .up()
                    .withData("network", around.network())
                    .withData("processes", around.processes());
            around.container().ifPresent(kind -> answer.withData("container", kind));
            return answer.build();
        };
    }

    @Produces
    @Readiness
    HealthCheck criticalServices() {
        return () -> {
            List<Service> down = registry.services().stream()
                    .filter(service ->
                            service.spec().critical() && service.spec().running())
                    .filter(service -> service.status().state() == ServiceState.FAILED
                            || service.status().state() == ServiceState.BLOCKED)
                    .toList();
            HealthCheckResponseBuilder answer = HealthCheckResponse.named("criticalServices")
                    .status(down.stream().noneMatch(this::countsForTheMachine));
            down.forEach(service -> answer.withData(
                    service.key().toString(),
                    service.status().state().name().toLowerCase(java.util.Locale.ROOT)
                            + (countsForTheMachine(service) ? "" : ", and not counted: its owner is not root")));
            return answer.build();
        };
    }

    /** Nobody but root makes the Berth of a whole machine not ready: whoever asks would take it from everybody. */
    private boolean countsForTheMachine(Service service) {
        return mode == Mode.SINGLE || service.metadata().owner().isRoot();
    }

    /** A broken file keeps nobody from what was declared before: up, with a note. */
    @Produces
    @Readiness
    HealthCheck sources() {
        return () -> {
            HealthCheckResponseBuilder answer =
                    HealthCheckResponse.named("sources").up();
            watches.states().stream()
                    .filter(each -> each.state() != SourceState.State.APPLIED)
                    .forEach(each -> answer.withData(each.text(), each.words()));
            return answer.build();
        };
    }

    private boolean isRecent(Optional<Instant> time, Duration allowed) {
        return time.filter(at -> Duration.between(at, clock.instant()).compareTo(allowed) < 0)
                .isPresent();
    }

    private static Duration patience(Duration interval) {
        Duration several = interval.multipliedBy(MISSED_ROUNDS);
        return several.compareTo(PATIENCE) < 0 ? PATIENCE : several;
    }
}
