package dev.berth.app;

import dev.berth.api.Access;
import dev.berth.api.Backend;
import dev.berth.api.Beside;
import dev.berth.app.HostWiring.Host;
import dev.berth.config.SettingCatalog;
import dev.berth.config.SettingException;
import dev.berth.config.SettingSources;
import dev.berth.config.Settings;
import dev.berth.control.Authority;
import dev.berth.control.ControlPlane;
import dev.berth.control.Limits;
import dev.berth.control.PortRights;
import dev.berth.control.Surroundings;
import dev.berth.control.Tokens;
import dev.berth.control.UsageHistory;
import dev.berth.health.HealthCheck;
import dev.berth.health.HealthChecks;
import dev.berth.host.OwnerStop;
import dev.berth.host.linux.Sysctl;
import dev.berth.launch.Launches;
import dev.berth.logs.LogReader;
import dev.berth.metrics.Events;
import dev.berth.metrics.MeteredObserver;
import dev.berth.metrics.MeteredProcessControl;
import dev.berth.metrics.MeteredStore;
import dev.berth.model.Mode;
import dev.berth.plan.BerthIdentity;
import dev.berth.plan.Planner;
import dev.berth.plan.Strategies;
import dev.berth.plan.Strategy;
import dev.berth.plugin.Plugins;
import dev.berth.store.JournalRegistry;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Makes the memory, the planner and the loop, and what the interface works with. */
@ApplicationScoped
class CoreWiring {
    private static final Logger LOG = Logger.getLogger(CoreWiring.class);

    private final InstantSource clock = InstantSource.system();
    private final ExecutorService writer = Threads.one("berth-writer");
    private final ExecutorService blocking = Executors.newCachedThreadPool(Threads.named("berth-blocking"));

    @Produces
    @Singleton
    JournalRegistry registry(Store store, Events events, MetricsWiring metrics) {
        try {
            return JournalRegistry.open(
                    new MeteredStore(store, events, metrics.auditHead()), clock, System::nanoTime, writer);
        } catch (StoreException unreadable) {
            throw new IllegalStateException("Berth's database can't be read: " + unreadable.getMessage(), unreadable);
        }
    }

    void close(@Disposes JournalRegistry registry) {
        registry.close();
        writer.shutdown();
    }

    @Produces
    @Singleton
    Mode mode() {
        return Startup.modeHanded();
    }

    @Produces
    @Singleton
    LiveSettings settings(Registry registry) {
        try {
            SettingSources started =
                    Startup.handed().map(Startup::settings).orElseGet(() -> SettingSources.of(System.getenv()));
            return LiveSettings.open(started, registry);
        } catch (SettingException wrong) {
            throw new IllegalStateException(wrong.getMessage(), wrong);
        }
    }

    /** What there is by name: built in, and of the user's jars. */
    record Extensions(Map<String, Strategy> strategies, Map<String, HealthCheck> checks) {}

    @Produces
    @Singleton
    Extensions extensions(Host host, Mode mode) {
        ClassLoader plugins = plugins();
        Plugins.Found<Strategy> strategies = Strategies.discover(plugins);
        Plugins.Found<HealthCheck> checks = HealthChecks.discover(builtInChecks(host, mode), plugins);
        strategies.refusals().forEach(LOG::warn);
        checks.refusals().forEach(LOG::warn);
        return new Extensions(strategies.byName(), checks.byName());
    }

    private static Map<String, HealthCheck> builtInChecks(Host host, Mode mode) {
        return mode == Mode.SHARED
                ? HealthChecks.builtInShared(System::nanoTime, host.commands())
                : HealthChecks.builtIn(System::nanoTime, host.commands());
    }

    /** Knows the jars in {@code plugins/} of the data directory, which only its owner can write. */
    static ClassLoader plugins() {
        ClassLoader own = CoreWiring.class.getClassLoader();
        Optional<Path> directory = Startup.handed()
                .flatMap(startup -> startup.data().path())
                .map(path -> path.resolve("plugins"))
                .filter(Files::isDirectory);
        if (directory.isEmpty()) {
            return own;
        }
        List<URL> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.get(), "*.jar")) {
            for (Path file : files) {
                jars.add(file.toUri().toURL());
            }
        } catch (IOException unreadable) {
            LOG.warnf("%s can't be read (%s): no plugins", directory.get(), unreadable.getMessage());
        }
        return new URLClassLoader("plugins", jars.toArray(URL[]::new), own);
    }

    @Produces
    @Singleton
    ControlPlane control(
            Registry registry,
            Store store,
            Host host,
            OwnerStop owners,
            BerthIdentity berth,
            Launches launches,
            LogReader logs,
            LiveSettings settings,
            Extensions extensions,
            Mode mode,
            Authority authority,
            Events events) {
        Planner planner = new Planner(extensions.strategies());
        Surroundings surroundings = new Surroundings(
                registry,
                store,
                new MeteredObserver(host.observer(), events),
                new MeteredProcessControl(host.processes(), events),
                host.holds(),
                mode == Mode.SHARED ? privileged(authority) : PortRights.OF_THE_SYSTEM,
                owners,
                host.launcher(),
                extensions.checks(),
                () -> settings.settings().get(SettingCatalog.HEALTH_INTERVAL),
                host.table(),
                host.meter(),
                host.traffic(),
                settings::usageRules,
                launches,
                new RunOutput(logs, launches::log),
                planner::plan,
                settings::policy,
                berth,
                clock,
                System::nanoTime,
                new Ulids(clock),
                new ServerLog());
        return new ControlPlane(surroundings, Limits.defaults(), blocking, RandomGenerator.getDefault());
    }

    private static PortRights privileged(Authority authority) {
        return PortRights.privileged(Sysctl::firstUnprivilegedPort, user -> {
            try {
                return authority.isAdministrator(user);
            } catch (IOException unreadable) {
                LOG.warnf("Whether %s administers is not known, so no port is held as for one: %s", user, unreadable);
                return false;
            }
        });
    }

    @Produces
    @Singleton
    Authority authority(Mode mode, BerthIdentity berth, Host host, LiveSettings settings) {
        return new Authority(
                mode, berth.user(), host.users(), () -> settings.settings().get(SettingCatalog.ADMINISTRATORS));
    }

    @Produces
    @Singleton
    Tokens tokens(Registry registry, BerthIdentity berth) {
        return new Tokens(
                registry,
                clock,
                new Ulids(clock),
                Startup.handed()
                        .flatMap(startup -> StartToken.of(startup.environment(), berth.user(), clock.instant())));
    }

    @Produces
    @Singleton
    Access access(LiveSettings settings) {
        return new Access(
                CoreWiring::port,
                () -> settings.settings().get(SettingCatalog.ALLOWED_HOSTS),
                () -> limits(settings.settings()),
                System::nanoTime);
    }

    private static Access.Limits limits(Settings settings) {
        return new Access.Limits(
                settings.get(SettingCatalog.MOST_CONNECTIONS),
                settings.get(SettingCatalog.REQUEST_TIME),
                settings.get(SettingCatalog.REQUEST_RATE));
    }

    /** Where we listen. Started without {@code main}, as the framework's own tests are, only the framework knows. */
    private static int port() {
        return Startup.handed()
                .map(startup -> startup.listen().port())
                .orElseGet(() -> ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class));
    }

    @Produces
    @Singleton
    Backend backend(
            ControlPlane control,
            Registry registry,
            Store store,
            UsageHistory history,
            Launches launches,
            LiveSettings settings,
            Extensions extensions,
            Authority authority) {
        String strategy = settings.settings().get(SettingCatalog.STRATEGY);
        if (!extensions.strategies().containsKey(strategy)) {
            LOG.warnf(
                    "conflicts.strategy (from %s) is \"%s\", which is neither built in nor a plugin's: conservative"
                            + " decides; known are %s",
                    settings.settings().effective(SettingCatalog.STRATEGY.key()).source(),
                    strategy,
                    String.join(", ", extensions.strategies().keySet()));
        }
        return new Backend(
                control,
                registry,
                store,
                history,
                launches,
                settings::settings,
                extensions.strategies().keySet(),
                extensions.checks().keySet(),
                authority,
                new Beside(blocking),
                clock);
    }
}
