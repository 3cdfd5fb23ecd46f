package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Actor;
import dev.berth.model.ConflictAction;
import dev.berth.model.Eviction;
import dev.berth.model.Outcome;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TargetsTest {
    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

    /** A server closes its socket at once and takes its time to end: what was to be done about the port is done. */
    @Test
    void whoLetGoOfThePortWasDealtWithAlsoWhileItStillEnds() {
        Eviction eviction = evicting(target(4711, true), target(4712, false));
        assertThat(Targets.actions(eviction, true, NOW))
                .extracting(ConflictAction::outcome)
                .containsExactly(Outcome.SUCCEEDED, Outcome.SUCCEEDED);
        assertThat(Targets.actions(eviction, false, NOW))
                .extracting(ConflictAction::outcome)
                .containsExactly(Outcome.SUCCEEDED, Outcome.UNKNOWN);
    }

    private static Eviction evicting(Eviction.Target... targets) {
        return new Eviction(
                PortKey.tcp(8000),
                "id",
                Actor.CONTROLLER,
                Optional.empty(),
                Optional.empty(),
                false,
                Duration.ofSeconds(1),
                Eviction.Phase.TERMINATING,
                List.of(targets),
                NOW,
                NOW.plusSeconds(1),
                Optional.empty(),
                1);
    }

    private static Eviction.Target target(long pid, boolean gone) {
        return new Eviction.Target(
                new ProcessRef(pid, 1, "boot"),
                "server",
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                List.of("SIGTERM"),
                Optional.empty(),
                gone,
                OptionalLong.empty());
    }
}
