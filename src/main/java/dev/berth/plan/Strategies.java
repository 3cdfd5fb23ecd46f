package dev.berth.plan;

import dev.berth.plugin.Plugins;
import java.util.Map;

/** The strategies that there are, by name: the built-in ones, and users' own found with {@code ServiceLoader}. */
public final class Strategies {
    private static final Plugins<Strategy> PLUGINS =
            new Plugins<>(Strategy.class, "strategy", "strategies", Strategy::name);

    private Strategies() {}

    /** Those that Berth brings along. */
    public static Map<String, Strategy> builtIn() {
        return Map.of(
                ConservativeStrategy.NAME, new ConservativeStrategy(),
                AggressiveStrategy.NAME, new AggressiveStrategy(),
                IntelligentStrategy.NAME, new IntelligentStrategy());
    }

    /** The built-in strategies and those of the loader's jars. */
    public static Plugins.Found<Strategy> discover(ClassLoader loader) {
        return PLUGINS.discover(builtIn(), loader);
    }
}
