package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.RunRequests;
import dev.berth.model.Command;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Stories of services that Berth runs, on the simulated machine. */
class RunningScenarioTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Scene scene = new Scene();

    private static ServiceSpec running(int port) {
        return ServiceSpec.builder()
                .port(port)
                .command(new Command.Exec(List.of("run-serves", "1")))
                .build();
    }

    private ProcessRef process(String name) {
        return scene.service(name).status().process().orElseThrow();
    }

    private List<SimProcess> alive() {
        return scene.machine.processes().stream()
                .filter(each -> each.alive() && each.launch.isPresent())
                .toList();
    }

    @Test
    void theNextBerthTakesUpWhatRuns() throws Exception {
        scene.declare("web", running(8000));
        scene.pass(SOON);
        ProcessRef before = process("web");
        scene.restart();
        scene.pass(SOON);
        assertThat(process("web")).isEqualTo(before);
        assertThat(alive()).hasSize(1);
        assertThat(scene.service("web").status().restarts()).isZero();
    }

    /** An exit is noticed at a moment after the pass began, which is no clock that was set back. */
    @Test
    void restartsKeepTheirDelaysHoweverLongLooksTake() throws Exception {
        scene.host.looksTake(Duration.ofMillis(4));
        scene.declare(
                "web",
                ServiceSpec.builder()
                        .port(8000)
                        .command(new Command.Exec(List.of("run-exits", "2")))
                        .maxRestarts(1000)
                        .build());

        scene.pass(Duration.ofSeconds(5));

        assertThat(scene.service("web").status().restarts()).isBetween(2, 8);
    }

    @Test
    void aKillThatFailedIsTriedAgain() throws Exception {
        scene.declare("web", running(8000));
        scene.pass(SOON);
        scene.host.signalsFail(true);
        assertThat(scene.berth
                        .plane
                        .requests()
                        .ask(
                                Scene.key("web"),
                                new RunRequests.Wish(
                                        RunRequests.Verb.STOP, true, OptionalInt.empty(), Optional.empty()),
                                Users.caller(Users.DEV)))
                .isPresent();
        scene.pass(SOON);
        assertThat(alive()).as("nothing could be signalled").hasSize(1);

        scene.host.signalsFail(false);
        scene.pass(SOON);

        assertThat(alive()).isEmpty();
        assertThat(scene.service("web").status().state()).isEqualTo(ServiceState.STOPPED);
    }

    /** A moment in which it has ended and has its port still would be a commit more for each stop. */
    @Test
    void theEndOfAStopIsStoredWithThePortThatItGivesBack() throws Exception {
        scene.declare("web", running(8000));
        scene.pass(SOON);
        List<Service> stored = new ArrayList<>();
        scene.berth.registry.onCommit(rows -> rows.forEach(row -> stored.add((Service) row.snapshot())));
        int before = scene.records().size();

        scene.berth
                .plane
                .requests()
                .ask(
                        Scene.key("web"),
                        new RunRequests.Wish(RunRequests.Verb.STOP, false, OptionalInt.empty(), Optional.empty()),
                        Users.caller(Users.DEV));
        scene.pass(SOON);

        assertThat(alive()).isEmpty();
        assertThat(stored.stream().filter(each -> each.status().process().isEmpty()))
                .singleElement()
                .satisfies(last -> {
                    assertThat(last.status().port()).isEmpty();
                    assertThat(last.status().runOrNone().stop()).isEmpty();
                    assertThat(last.status().runOrNone().lastExit()).isPresent();
                    assertThat(last.status().state()).isEqualTo(ServiceState.STOPPED);
                });
        List<String> told = scene.audit();
        assertThat(told.subList(before, told.size()))
                .containsExactly(
                        "StopRequested SUCCEEDED",
                        "ProcessSignalled INTENDED",
                        "ProcessSignalled SUCCEEDED",
                        "ProcessExited SUCCEEDED",
                        "PortReleased SUCCEEDED");
    }

    @Test
    void closingEndsEverythingAndTheNextBerthStartsItAgain() throws Exception {
        scene.declare("web", running(8000));
        scene.pass(SOON);
        assertThat(scene.berth.plane.stopServices(Duration.ZERO)).hasSize(1);
        scene.pass(SOON);
        assertThat(alive()).isEmpty();
        assertThat(scene.berth.plane.running()).isEmpty();
        assertThat(scene.service("web").spec().running()).isTrue();
        scene.restart();
        scene.pass(SOON);
        assertThat(scene.service("web").status().state()).isEqualTo(ServiceState.RUNNING);
    }
}
