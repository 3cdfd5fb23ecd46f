package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The whole loop, a million steps over many seeds, on a machine where everything goes wrong.
 *
 * <p>{@code -Dberth.sim.total} sets the number of steps, {@code -Dberth.sim.seed} (with {@code -Dberth.sim.steps}) replays
 * one run.
 */
class SimulationTest {
    private static final long TOTAL = Long.getLong("berth.sim.total", 1_000_000);
    private static final long STEPS = Long.getLong("berth.sim.steps", 5_000);
    private static final long FIRST_SEED = Long.getLong("berth.sim.first", 1);

    @Test
    @DisabledIfSystemProperty(named = "berth.sim.seed", matches = ".+")
    void holdsItsPromisesWhateverGoesWrong() {
        Map<SimFault, Long> reached = new EnumMap<>(SimFault.class);
        long steps = 0;
        for (long seed = FIRST_SEED; steps < TOTAL; seed++) {
            Simulation run = Run.of(seed, STEPS, Sabotage.NONE);
            steps += run.steps();
            run.reached().forEach((fault, count) -> reached.merge(fault, count, Long::sum));
        }
        if (TOTAL >= 1_000_000) {
            assertThat(reached.keySet()).isEqualTo(EnumSet.allOf(SimFault.class));
        }
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        Simulation one = Run.of(42, STEPS, Sabotage.NONE);
        Simulation other = Run.of(42, STEPS, Sabotage.NONE);

        assertThat(other.trace().lines()).isEqualTo(one.trace().lines());
        assertThat(other.trace().hash()).isEqualTo(one.trace().hash());
    }

    @Test
    @EnabledIfSystemProperty(named = "berth.sim.seed", matches = ".+")
    void replaysOneSeed() {
        Run.of(Long.getLong("berth.sim.seed", 0), STEPS, Sabotage.NONE);
    }
}
