package dev.berth.sim;

import dev.berth.control.PlanMaker;
import dev.berth.plan.Planner;
import java.util.Map;

/** The real planner, as the program makes it. */
final class Planning {
    private Planning() {}

    static PlanMaker planner() {
        return new Planner(Map.of())::plan;
    }
}
