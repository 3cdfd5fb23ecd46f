package dev.berth.launch;

import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.Launch;
import dev.berth.model.Marker;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes launches of declarations. Safe for use by many threads; looks at files each time, because people mend what is
 * missing.
 */
public final class Launches {
    private final Supplier<Map<String, String>> inherited;
    private final Path logs;
    private final String installation;

    /**
     * @param inherited the environment that services start from, without Berth's own secrets
     * @param logs the directory of their logs
     * @param installation names Berth's memory, for the marker
     */
    public Launches(Supplier<Map<String, String>> inherited, Path logs, String installation) {
        this.inherited = inherited;
        this.logs = logs;
        this.installation = installation;
    }

    /** What became of preparing a launch. */
    public sealed interface Prepared {
        /** Everything is there. */
        record Ready(LaunchSpec spec) implements Prepared {}

        /** Why it can't be started now, each a sentence for the person who has to mend it. */
        record Refused(List<String> reasons) implements Prepared {
            public Refused {
                reasons = List.copyOf(reasons);
            }
        }
    }

    /**
     * The launch of one step of the service, as it would be now.
     *
     * @param service with its assigned port in the status
     * @param all every declared service, for the ports of others
     * @param id the launch's
     */
    public Prepared prepare(Service service, Collection<Service> all, Launch.Step step, String id) {
        Map<String, String> environment = new HashMap<>(inherited.get());
        environment.putAll(service.spec().environment());
        service.assigned().ifPresent(port -> environment.put("PORT", Integer.toString(port.port())));
        environment.put(Marker.SERVICE, Marker.of(service.key(), installation));
        environment.put(Marker.LAUNCH, id);
        return new Prepared.Ready(new LaunchSpec(
                (step == Launch.Step.INSTALL
                                ? service.spec().install()
                                : service.spec().command())
                        .orElseThrow(),
                Path.of(service.spec().workingDirectory().orElse("/")),
                environment,
                log(service.key())));
    }

    /** The health check with its templates filled; empty when there is none, or a port that it names is not known yet. */
    public Optional<HealthCheckSpec> healthCheck(Service service, Collection<Service> all) {
        return service.spec().healthCheck();
    }

    /** A fingerprint of what {@code install} depends on; another one means that it is to be run (again). */
    public Optional<String> installInputs(Service service) {
        return service.spec().install().map(Object::toString);
    }

    /** Where the service's output goes. */
    public Path log(ServiceKey key) {
        return logs.resolve(key.namespace()).resolve(key.name() + ".log");
    }
}
