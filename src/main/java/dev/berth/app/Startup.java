package dev.berth.app;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What was decided before the framework started.
 *
 * @param caller the directory that Berth was called from
 */
record Startup(DataDirectory data, ListenAddress listen, Map<String, String> environment, Path caller) {
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
