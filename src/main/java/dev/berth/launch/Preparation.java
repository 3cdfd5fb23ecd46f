package dev.berth.launch;

import dev.berth.host.Rights;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.Launch;
import dev.berth.model.Service;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a declaration needs before it can become a process. Safe for use by many threads. */
public interface Preparation {
    /**
     * The launch of one step of the service, as it would be now.
     *
     * @param service with its assigned port in the status
     * @param all every declared service, for the ports of others
     * @param id the launch's
     */
    Launches.Prepared prepare(Service service, Collection<Service> all, Launch.Step step, String id);

    /**
     * Why the service can't be started now, each a sentence for the person who has to mend it; the same as {@link #prepare}
     * would say of its next step. Empty for a service without command. Costs a look at a few files and directories.
     */
    List<Obstacle> obstacles(Service service, Collection<Service> all);

    /** The health check with its templates filled; empty when there is none, or a port that it names is not known yet. */
    Optional<HealthCheckSpec> healthCheck(Service service, Collection<Service> all);

    /** Those that everything which is run for the service has; empty when its owner's are not known. */
    Optional<Rights> rights(Service service);

    /** A fingerprint of what {@code install} depends on; another one means that it is to be run (again). */
    Optional<String> installInputs(Service service);
}
