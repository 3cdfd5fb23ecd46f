package dev.berth.app;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Removes what the services of tests have written, so that the directory of their logs goes with the last test. */
@ApplicationScoped
class LogsOfTests {
    /** After everybody who may still write. */
    private static final int LAST = Integer.MAX_VALUE;

    private final LaunchWiring.LogDirectory logs;

    LogsOfTests(LaunchWiring.LogDirectory logs) {
        this.logs = logs;
    }

    void remove(@Observes @Priority(LAST) ShutdownEvent event) throws IOException {
        List<Path> written;
        try (Stream<Path> all = Files.walk(logs.path())) {
            written = all.filter(Files::isRegularFile).toList();
        }
        for (Path each : written) {
            Files.delete(each);
        }
    }
}
