package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.RunRequests;
import dev.berth.model.Condition;
import dev.berth.model.Outcome;
import dev.berth.model.ProcessRef;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Services of which several instances run, and are restarted. */
class ReplicaRestartsTest extends Replicated {
    /** Who restarts a service with several instances wants it to go on serving. */
    @Test
    void theyRestartOneAfterTheOther() throws Exception {
        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);
        for (ServicePrograms program : List.of(ServicePrograms.SERVES, ServicePrograms.FORKS)) {
            List<ProcessRef> before = processes("web");
            long seq = scene.records().get(scene.records().size() - 1).seq();
            List<Integer> serving = new ArrayList<>();
            scene.berth.registry.onCommit(
                    rows -> serving.add(instances("web").lasting().size()
                            - instances("web").without(Condition.READY).size()));
            if (program == ServicePrograms.SERVES) {
                ask("web", RunRequests.Verb.RESTART, false);
            } else {
                scene.declare(
                        "web",
                        serving(8000).replicas(3).command(program.command(0)).build());
            }
            scene.pass(LATER);
            assertThat(processes("web")).hasSize(3).doesNotContainAnyElementsOf(before);
            assertThat(serving).as(program + " as many as can serve do").allMatch(ready -> ready >= 2);
            assertThat(scene.records().stream()
                            .filter(record ->
                                    record.seq() > seq && record.entry().outcome() == Outcome.INTENDED)
                            .map(record -> record.entry().action() + " "
                                    + record.entry().target().name()))
                    .containsExactly(
                            "ProcessSignalled web",
                            "ProcessStarted web",
                            "ProcessSignalled web.1",
                            "ProcessStarted web.1",
                            "ProcessSignalled web.2",
                            "ProcessStarted web.2");
            assertThat(instances("web").are(Condition.READY)).isTrue();
        }
    }

    @Test
    void whenOneDoesNotComeUpAgainTheOthersStayAsTheyAre() throws Exception {
        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);
        List<ProcessRef> before = processes("web");
        scene.declare(
                "web",
                serving(8000)
                        .replicas(3)
                        .maxRestarts(1)
                        .command(ServicePrograms.EXITS.command(1))
                        .build());
        scene.pass(LATER);
        assertThat(scene.service("web").status().state()).isEqualTo(ServiceState.FAILED);
        assertThat(processes("web")).containsExactly(before.get(1), before.get(2));
        for (int instance : List.of(1, 2)) {
            Condition told = replica("web", instance)
                    .status()
                    .condition(Condition.UP_TO_DATE)
                    .orElseThrow();
            assertThat(told.reason()).isEqualTo("SiblingFailed");
            assertThat(told.message()).contains("waits until web is restarted and ready", "maxRestarts");
        }

        scene.declare(
                "web",
                serving(8000)
                        .replicas(3)
                        .command(ServicePrograms.SERVES.command(9))
                        .build());
        scene.pass(LATER);
        assertThat(instances("web").are(Condition.READY)).isTrue();
        assertThat(processes("web")).hasSize(3).doesNotContainAnyElementsOf(before);
    }

    @Test
    void aForcedRestartStopsThemInOrderAndStartsNoneBeforeAllHaveStopped() throws Exception {
        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);
        List<ProcessRef> before = processes("web");
        long seq = scene.records().get(scene.records().size() - 1).seq();
        // The kernel itself holds the first and the last for a moment: everybody else has to wait for them.
        long hold = scene.time.monotonic() + Duration.ofMillis(500).toNanos();
        process(scene.service("web")).stuckUntil = hold;
        process(replica("web", 2)).stuckUntil = hold + Duration.ofMillis(500).toNanos();
        ask("web", RunRequests.Verb.RESTART, true);
        scene.pass(LATER);

        assertThat(processes("web")).hasSize(3).doesNotContainAnyElementsOf(before);
        List<String> acts = scene.records().stream()
                .filter(record -> record.seq() > seq && record.entry().outcome() == Outcome.INTENDED)
                .filter(record -> List.of("ProcessSignalled", "ProcessStarted")
                        .contains(record.entry().action()))
                .map(record ->
                        record.entry().action() + " " + record.entry().target().name())
                .toList();
        assertThat(acts.subList(0, 3))
                .containsExactly("ProcessSignalled web", "ProcessSignalled web.1", "ProcessSignalled web.2");
        List<Instant> signals = scene.records().stream()
                .filter(record -> record.seq() > seq && record.entry().outcome() == Outcome.INTENDED)
                .filter(record -> record.entry().action().equals("ProcessSignalled"))
                .map(record -> record.entry().at())
                .toList();
        assertThat(Duration.between(signals.get(0), signals.get(1)))
                .as("the second is told when the first has gone")
                .isGreaterThanOrEqualTo(Duration.ofMillis(500));
        assertThat(acts.subList(3, acts.size()))
                .containsExactlyInAnyOrder("ProcessStarted web", "ProcessStarted web.1", "ProcessStarted web.2");
        assertThat(ports("web")).containsExactly(8000, 8001, 8002);
    }
}
