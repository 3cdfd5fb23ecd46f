package dev.berth.app;

import dev.berth.config.SettingSources;
import dev.berth.model.Mode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What was decided before the framework started.
 *
 * @param mode for whom it works
 * @param settings what command line, environment and {@code .env} say of them
 * @param file the {@code berth.yaml} to be watched, absolute
 */
record Startup(
        Mode mode,
        DataDirectory data,
        ListenAddress listen,
        SocketPlace socket,
        Map<String, String> environment,
        SettingSources settings,
        Optional<Path> file) {
    /** The one bridge between {@code main}, which runs before there are beans, and the beans. */
    private static final AtomicReference<@Nullable Startup> HANDED = new AtomicReference<>();

    static void hand(Startup startup) {
        HANDED.set(startup);
    }

    /** For whom this Berth works; where nothing was said, and in the framework's own tests, for one user. */
    static Mode modeHanded() {
        return handed().map(Startup::mode).orElse(Mode.SINGLE);
    }

    /** Empty where the framework was started without {@code main}, as in its own tests. */
    static Optional<Startup> handed() {
        return Optional.ofNullable(HANDED.get());
    }
}
