package dev.berth.control;

import dev.berth.model.ServiceKey;
import dev.berth.plan.Plan;
import java.util.List;

/**
 * What would become of one declaration, and what would then be done about the service. Nothing was written.
 *
 * @param replicas the same of each further instance that the service has or would have
 */
public record Planned(ServiceKey service, Kind kind, Plan plan, List<Planned> replicas) {
    public Planned {
        replicas = List.copyOf(replicas);
    }

    /** What the declaration itself would do. */
    public enum Kind {
        CREATE,
        CHANGE,
        UNCHANGED,
        DELETE
    }
}
