package dev.berth.app;

import dev.berth.launch.InheritedEnvironment;
import dev.berth.launch.Launches;
import dev.berth.plan.BerthIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Map;

/** Makes what knows how services are started, and where their output goes. */
@ApplicationScoped
class LaunchWiring {
    @Produces
    @Singleton
    Launches launches(BerthIdentity berth) {
        Map<String, String> inherited = InheritedEnvironment.of(
                Startup.handed().map(Startup::environment).orElseGet(System::getenv));
        Path logs = Startup.handed().map(startup -> startup.data().logs()).orElseGet(DataDirectory::logsOfThisStart);
        return new Launches(() -> inherited, logs, berth.installation());
    }
}
