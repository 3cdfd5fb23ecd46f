/**
 * A simulated machine and the simulation of the whole control loop on it.
 *
 * <p>Everything here is deterministic: one seed gives one trace. The planner, the work queue, the reconcilers and the
 * registry are the real ones; only the machine, the stored rows and time are not. What Berth did is judged by what the
 * machine and the store remember ({@link dev.berth.sim.Checker}), never by what Berth says of itself.
 *
 * <p>A failing run prints its seed and is replayed with {@code ./mvnw test -Dtest=SimulationTest -Dberth.sim.seed=SEED}.
 */
@NullMarked
package dev.berth.sim;

import org.jspecify.annotations.NullMarked;
