package dev.berth.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Conflict;
import dev.berth.model.ConflictHolder;
import dev.berth.model.DecisionKind;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.ServiceKey;
import dev.berth.model.Severity;
import dev.berth.testing.Gen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConflictReportTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static Conflict conflict(int port, String service, String command, DecisionKind decision, int minute) {
        return new Conflict(
                "id-" + minute,
                new ServiceKey("default", service),
                PortKey.tcp(port),
                Severity.LOW,
                "a test",
                decision == DecisionKind.REPORT ? Conflict.State.DETECTED : Conflict.State.RESOLVED,
                new ConflictHolder(
                        HolderKind.FOREIGN,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(command),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        command + " (pid 7)"),
                "intelligent",
                decision,
                "a test",
                List.of(),
                NOON.plusSeconds(60L * minute),
                Optional.empty(),
                1);
    }

    @Test
    void namesThePortThatIsLostMostAndToWhom() {
        ConflictReport report = ConflictReport.of(List.of(
                conflict(8080, "web", "node a.js", DecisionKind.MIGRATE, 1),
                conflict(8080, "web", "python3 b.py", DecisionKind.TERMINATE, 2),
                conflict(9000, "api", "node a.js", DecisionKind.REPORT, 3),
                conflict(8080, "web", "node a.js", DecisionKind.MIGRATE, 4)));

        assertThat(report.total()).isEqualTo(4);
        assertThat(report.open()).isEqualTo(1);
        assertThat(report.ports())
                .containsExactly(
                        new ConflictReport.OfPort(
                                PortKey.tcp(8080),
                                3,
                                2,
                                1,
                                "node a.js",
                                2,
                                List.of(new ServiceKey("default", "web")),
                                NOON.plusSeconds(240)),
                        new ConflictReport.OfPort(
                                PortKey.tcp(9000),
                                1,
                                0,
                                0,
                                "node a.js",
                                1,
                                List.of(new ServiceKey("default", "api")),
                                NOON.plusSeconds(180)));
        assertThat(report.holders().get(0))
                .isEqualTo(new ConflictReport.OfHolder(
                        "node a.js", 3, List.of(PortKey.tcp(8080), PortKey.tcp(9000)), NOON.plusSeconds(240)));
        assertThat(report.services())
                .extracting(ConflictReport.OfService::unsettled)
                .containsExactly(0, 1);
    }

    @Test
    void everyListAddsUpToTheTotalInWhateverOrderHistoryIsRead() {
        Gen.check(300, gen -> {
            List<Conflict> history = new ArrayList<>();
            int count = gen.number(0, 40);
            for (int i = 0; i < count; i++) {
                DecisionKind decision = DecisionKind.values()[gen.number(0, DecisionKind.values().length - 1)];
                history.add(conflict(
                        8000 + gen.number(0, 5), "s" + gen.number(0, 4), "program " + gen.number(0, 3), decision, i));
            }
            ConflictReport report = ConflictReport.of(history);

            assertThat(report.total()).isEqualTo(count);
            assertThat(report.ports().stream()
                            .mapToInt(ConflictReport.OfPort::conflicts)
                            .sum())
                    .isEqualTo(count);
            assertThat(report.services().stream()
                            .mapToInt(ConflictReport.OfService::conflicts)
                            .sum())
                    .isEqualTo(count);
            assertThat(report.holders().stream()
                            .mapToInt(ConflictReport.OfHolder::conflicts)
                            .sum())
                    .isEqualTo(count);
            assertThat(report.decisions().values().stream()
                            .mapToInt(each -> each)
                            .sum())
                    .isEqualTo(count);
            assertThat(report.ports().stream()
                            .mapToInt(ConflictReport.OfPort::moved)
                            .sum())
                    .isEqualTo(report.services().stream()
                            .mapToInt(ConflictReport.OfService::moved)
                            .sum())
                    .isEqualTo(report.decisions().getOrDefault(DecisionKind.MIGRATE, 0));
            Collections.shuffle(history, new Random(gen.number(0, 1000)));
            assertThat(ConflictReport.of(history).ports())
                    .extracting(ConflictReport.OfPort::port, ConflictReport.OfPort::conflicts)
                    .containsExactlyInAnyOrderElementsOf(report.ports().stream()
                            .map(each -> org.assertj.core.groups.Tuple.tuple(each.port(), each.conflicts()))
                            .toList());
        });
    }
}
