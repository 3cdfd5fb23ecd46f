package dev.berth.control;

import dev.berth.model.ServiceKey;
import dev.berth.plan.Plan;

/** What would become of one declaration, and what would then be done about the service. Nothing was written. */
public record Planned(ServiceKey service, Kind kind, Plan plan) {
    /** What the declaration itself would do. */
    public enum Kind {
        CREATE,
        CHANGE,
        UNCHANGED,
        DELETE
    }
}
