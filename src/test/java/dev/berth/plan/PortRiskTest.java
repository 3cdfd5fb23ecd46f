package dev.berth.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.berth.model.Conflict;
import dev.berth.model.ConflictHolder;
import dev.berth.model.DecisionKind;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.ServiceKey;
import dev.berth.model.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortRiskTest {
    private static final Instant NOW = Instant.parse("2025-06-02T12:00:00Z");
    private static final PortKey PORT = PortKey.tcp(8080);
    private static final PortKey OTHER = PortKey.tcp(8081);

    private final List<Conflict> conflicts = new ArrayList<>();

    static Conflict conflict(PortKey port, Instant at, String command, HolderKind kind) {
        ConflictHolder holder = new ConflictHolder(
                kind,
                Optional.empty(),
                Optional.empty(),
                Optional.of(command),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                command);
        return new Conflict(
                port + "@" + at,
                ServiceKey.parse("default/web"),
                port,
                Severity.MEDIUM,
                "",
                Conflict.State.RESOLVED,
                holder,
                "intelligent",
                DecisionKind.MIGRATE,
                "",
                List.of(),
                at,
                Optional.of(at),
                1);
    }

    private PortRiskTest lost(PortKey port, Duration ago, String command) {
        conflicts.add(conflict(port, NOW.minus(ago), command, HolderKind.FOREIGN));
        return this;
    }

    private PortRisk risk(PortKey port) {
        return PortRisk.of(port, Losses.of(conflicts), Optional.of(new PortRange(32768, 60999)), NOW);
    }

    @Test
    void nothingKnownIsLittleRiskAndMoreAmongOutgoingConnections() {
        assertThat(risk(PORT).score()).isBetween(0.005, 0.03);
        assertThat(risk(PORT).evidence()).containsExactly("no contest of it is remembered");
        PortRisk outgoing = risk(PortKey.tcp(40000));
        assertThat(outgoing.score()).isGreaterThan(2 * risk(PORT).score());
        assertThat(outgoing.evidence()).anyMatch(each -> each.contains("32768-60999"));
    }

    @Test
    void aPortThatWasLeftAloneForLongerIsCalmer() {
        double fresh = risk(OTHER).score();
        lost(PORT, Duration.ofDays(30), "node");
        assertThat(risk(OTHER).score())
                .as("a month without a contest tells something")
                .isLessThan(fresh);
    }

    @Test
    void contestsCountLessTheOlderTheyAre() {
        double before = 1;
        for (int days : new int[] {0, 3, 7, 14, 60}) {
            conflicts.clear();
            lost(PORT, Duration.ofDays(days), "node").lost(OTHER, Duration.ofDays(90), "java");
            assertThat(risk(PORT).score()).isLessThan(before);
            before = risk(PORT).score();
        }
        assertThat(Losses.weight(NOW.minus(Duration.ofDays(7)), NOW)).isCloseTo(0.5, within(1e-9));
        assertThat(Losses.of(conflicts).isCalm(PORT, NOW)).isTrue();
    }

    @Test
    void dailyContestsComeNearTheTruth() {
        for (int day = 0; day < 60; day++) {
            lost(PORT, Duration.ofDays(day).plusHours(2), "python3 -m http.server 8080");
        }
        // One a day by chance leaves a day without any with a probability of 1/e.
        assertThat(risk(PORT).score()).isBetween(0.5, 1 - 1 / Math.E);
        assertThat(risk(PORT).soon()).as("they come at ten, and it is noon").isLessThan(0.1);
        assertThat(risk(PORT).evidence())
                .containsExactly(
                        "contested 60 times, last 2 h 0 min ago",
                        "60 of 60 times by python3 -m http.server 8080",
                        "60 of 60 times from 07:00 to 11:00 UTC");
    }

    @Test
    void theHoursOfTheDayCount() {
        for (int day = 0; day < 20; day++) {
            lost(PORT, Duration.ofDays(day).plusHours(22), "node")
                    .lost(OTHER, Duration.ofDays(day).plusHours(6), "node");
        }
        assertThat(risk(PORT).score()).isCloseTo(risk(OTHER).score(), within(0.05));
        assertThat(risk(PORT).soon()).isGreaterThan(3 * risk(OTHER).soon());
    }

    @Test
    void everyScoreIsAProbability() {
        for (int i = 0; i < 2000; i++) {
            lost(PORT, Duration.ofMinutes(i), "node");
        }
        lost(OTHER, Duration.ofDays(-3), "a clock that was set back");
        assertThat(risk(PORT).score()).isBetween(0.9, 1.0);
        assertThat(risk(OTHER).score()).isBetween(0.0, 1.0);
        assertThat(risk(OTHER).soon()).isBetween(0.0, 1.0);
    }
}
