package dev.berth.app;

import dev.berth.launch.InheritedEnvironment;
import dev.berth.launch.Launches;
import dev.berth.plan.BerthIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Makes what knows how services are started, and where their output goes. */
@ApplicationScoped
class LaunchWiring {
    private static final Logger LOG = Logger.getLogger(LaunchWiring.class);

    /** Where services' output goes. */
    record LogDirectory(Path path) {}

    @Produces
    @Singleton
    LogDirectory logs() {
        return new LogDirectory(
                Startup.handed().map(startup -> startup.data().logs()).orElseGet(DataDirectory::logsOfThisStart));
    }

    @Produces
    @Singleton
    Launches launches(BerthIdentity berth, LogDirectory logs) {
        Map<String, String> inherited = InheritedEnvironment.of(
                Startup.handed().map(Startup::environment).orElseGet(System::getenv));
        return new Launches(() -> inherited, logs.path(), berth.installation());
    }

    /** A directory of this start alone goes with it, but for what services have written or may still write to. */
    void close(@Disposes LogDirectory logs) {
        if (Startup.handed().flatMap(startup -> startup.data().path()).isPresent()) {
            return;
        }
        try (Stream<Path> inside = Files.walk(logs.path())) {
            for (Path each : inside.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                removeIfEmpty(each);
            }
        } catch (IOException kept) {
            LOG.infof("%s is left behind: %s", logs.path(), kept.getMessage());
        }
    }

    private static void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.delete(directory);
        } catch (DirectoryNotEmptyException used) {
            LOG.debugf("%s is left to the services that write there", directory);
        }
    }
}
