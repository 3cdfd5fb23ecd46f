package dev.berth.health;

import dev.berth.host.CommandRunner;
import dev.berth.plugin.Plugins;
import java.util.Map;
import java.util.function.LongSupplier;

/** The kinds of health checks that there are: the built-in ones, and users' own found with {@code ServiceLoader}. */
public final class HealthChecks {
    private static final Plugins<HealthCheck> PLUGINS =
            new Plugins<>(HealthCheck.class, "health check", "health checks", HealthCheck::kind);

    private HealthChecks() {}

    /**
     * Those that Berth brings along.
     *
     * @param ticker monotonic nanoseconds
     */
    public static Map<String, HealthCheck> builtIn(LongSupplier ticker, CommandRunner commands) {
        return Map.of(
                HttpCheck.KIND, new HttpCheck(ticker),
                TcpCheck.KIND, new TcpCheck(ticker),
                CommandCheck.KIND, new CommandCheck(ticker, commands));
    }

    /** The built-in kinds and those of the loader's jars. */
    public static Plugins.Found<HealthCheck> discover(Map<String, HealthCheck> builtIn, ClassLoader loader) {
        return PLUGINS.discover(builtIn, loader);
    }
}
