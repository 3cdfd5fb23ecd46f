package dev.berth.health;

import dev.berth.host.CommandRunner;
import dev.berth.plugin.Plugins;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The kinds of health checks that there are: the built-in ones, and users' own found with {@code ServiceLoader}. */
public final class HealthChecks {
    private static final Plugins<HealthCheck> PLUGINS =
            new Plugins<>(HealthCheck.class, "health check", "health checks", HealthCheck::kind);

    /** In a declaration the kind stands among these. Those with capitals can't be anybody's name anyway. */
    private static final List<String> FIELDS = List.of("failures", "interval", "successes", "timeout");

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

    /** The same, but for the whole of a machine: what users declare is not followed anywhere else than to their own ports. */
    public static Map<String, HealthCheck> builtInShared(LongSupplier ticker, CommandRunner commands) {
        return Map.of(
                HttpCheck.KIND, OwnPortCheck.http(new HttpCheck(ticker)),
                TcpCheck.KIND, OwnPortCheck.tcp(new TcpCheck(ticker)),
                CommandCheck.KIND, new CommandCheck(ticker, commands));
    }

    /** The built-in kinds and those of the loader's jars. */
    public static Plugins.Found<HealthCheck> discover(Map<String, HealthCheck> builtIn, ClassLoader loader) {
        Plugins.Found<HealthCheck> found = PLUGINS.discover(builtIn, loader);
        Map<String, HealthCheck> usable = new HashMap<>(found.byName());
        List<String> refusals = new ArrayList<>(found.refusals());
        for (String field : FIELDS) {
            if (usable.remove(field) != null) {
                refusals.add("a health check calls itself \"" + field
                        + "\", as a field of every declared health check is called: give it another name");
            }
        }
        return new Plugins.Found<>(usable, refusals);
    }
}
