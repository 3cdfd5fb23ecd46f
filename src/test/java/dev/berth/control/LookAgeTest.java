package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Exit;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** How old a look at the machine may be that a service is planned by. */
class LookAgeTest {
    private static final Instant NOW = Instant.parse("2025-01-01T00:00:00Z");
    private static final Duration USUAL = Duration.ofSeconds(2);
    private static final Optional<ProcessRef> PROCESS = Optional.of(new ProcessRef(100, 1, "boot"));

    private static ServiceStatus status(ServiceState state, Optional<ProcessRef> process) {
        return new ServiceStatus(state, OptionalInt.empty(), process, 0, 1, List.of(), Optional.empty());
    }

    private static Duration ageAfter(Duration ended) {
        ServiceStatus status = status(ServiceState.PENDING, Optional.empty());
        return Proposals.lookAge(
                status.with(Run.NONE.ended(Exit.unknown(NOW.minus(ended))), Optional.empty()), NOW, USUAL);
    }

    @Test
    void ofOneThatStartsItIsNew() {
        assertThat(Proposals.lookAge(status(ServiceState.STARTING, PROCESS), NOW, USUAL))
                .isLessThan(Duration.ofMillis(10));
        assertThat(Proposals.lookAge(status(ServiceState.RUNNING, PROCESS), NOW, USUAL))
                .isEqualTo(USUAL);
    }

    @Test
    void ofOneThatEndedItBeganAfterTheEnd() {
        for (Duration ended : List.of(Duration.ZERO, Duration.ofMillis(3), Duration.ofSeconds(1))) {
            assertThat(ageAfter(ended)).isEqualTo(ended);
        }
        assertThat(ageAfter(Duration.ofMinutes(1))).isEqualTo(USUAL);
        assertThat(Proposals.lookAge(status(ServiceState.PENDING, Optional.empty()), NOW, USUAL))
                .isEqualTo(USUAL);
    }

    @Test
    void whatLiesALittleAheadIsNowAndWhatLiesFarAheadWasLongAgo() {
        assertThat(ageAfter(Duration.ofSeconds(-1))).isZero();
        assertThat(ageAfter(Duration.ofHours(-1))).isEqualTo(USUAL);
    }
}
