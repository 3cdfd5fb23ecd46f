package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A simulation that finds nothing proves nothing until it has found what was broken on purpose. */
class SabotageTest {
    private static final int SEEDS = 60;
    private static final int STEPS = 3_000;

    @ParameterizedTest
    @EnumSource(Sabotages.class)
    void isCaught(Sabotages broken) {
        assertThat(caught(broken))
                .as("%s was caught within %s runs of %s steps", broken, SEEDS, STEPS)
                .isTrue();
    }

    private static boolean caught(Sabotages broken) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                Simulation run = Run.of(seed, STEPS, broken);
                assertThat(run.steps()).isPositive();
            } catch (AssertionError found) {
                return true;
            }
        }
        return false;
    }
}
