package dev.berth.control;

import dev.berth.plan.Plan;
import dev.berth.plan.Policy;
import dev.berth.plan.Situation;
import java.time.Instant;

/** The planner as the loop sees it: pure, so that a dry run and the real pass are the same question. */
@FunctionalInterface
public interface PlanMaker {
    Plan plan(Situation situation, Policy policy, Instant now);
}
