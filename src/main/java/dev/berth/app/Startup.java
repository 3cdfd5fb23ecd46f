package dev.berth.app;

import dev.berth.config.SettingSources;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What was decided before the framework started.
 *
 * @param settings what command line, environment and {@code .env} say of them
 * @param file the {@code berth.yaml} to be watched, absolute
 */
record Startup(
        DataDirectory data,
        ListenAddress listen,
        Map<String, String> environment,
        SettingSources settings,
        Optional<Path> file) {
    /** The one bridge between {@code main}, which runs before there are beans, and the beans. */
    private static final AtomicReference<@Nullable Startup> HANDED = new AtomicReference<>();

    static void hand(Startup startup) {
        HANDED.set(startup);
    }

    /** Empty where the framework was started without {@code main}, as in its own tests. */
    static Optional<Startup> handed() {
        return Optional.ofNullable(HANDED.get());
    }
}
