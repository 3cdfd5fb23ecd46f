package dev.berth.sim;

import dev.berth.model.PortRange;
import dev.berth.plan.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Settings as people change them. */
final class Policies {
    /** Short, so that the way home is walked within a run. */
    private static final Duration HOME_AFTER = Duration.ofSeconds(4);

    static final PortRange RANGE = new PortRange(World.FIRST_PORT, World.LAST_PORT);

    private Policies() {}

    static Policy any(Chance chance) {
        return new Policy(
                chance.of(0.85),
                chance.pick("intelligent", "aggressive", "conservative"),
                chance.of(0.85),
                chance.of(0.2),
                chance.between(1, 10),
                HOME_AFTER,
                chance.of(0.6),
                chance.millis(500, 3000),
                chance.of(0.3) ? List.of(new PortRange(8003, 8004)) : List.of(),
                RANGE,
                chance.of(0.3) ? Optional.of(new PortRange(8011, 8012)) : Optional.empty(),
                chance.of(0.3) ? List.of("postgres") : List.of(),
                chance.of(0.2) ? Set.of(8002) : Set.of(),
                chance.of(0.2) ? Set.of("terminate") : Set.of());
    }
}
