package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.Freed;
import dev.berth.model.Conflict;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Stories that people would tell of Berth, on the simulated machine. */
class ScenarioTest {
    private static final Duration SOON = Duration.ofMillis(600);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Scene scene = new Scene();

    private static ServiceSpec wanting(String strategy, int port, Integer... alternatives) {
        return ServiceSpec.guarding(port, alternatives).toBuilder()
                .strategy(strategy)
                .build();
    }

    @Test
    void aFreePortIsInTheAnswer() throws Exception {
        assertThat(scene.declare("backend", ServiceSpec.guarding(8000)).status().port())
                .isEqualTo(OptionalInt.of(8000));
        assertThat(scene.audit()).containsExactly("ServiceDeclared SUCCEEDED", "PortAssigned SUCCEEDED");
    }

    @Test
    void conservativeLeavesTheHolderAndTakesTheFirstFreeAlternative() throws Exception {
        SimProcess holder = scene.server(Program.named("python3", "python3", "-m", "http.server"), 8000);
        scene.server(Program.named("other"), 8001);
        scene.declare("backend", wanting("conservative", 8000, 8001, 8002));
        scene.pass(SOON);

        assertThat(scene.service("backend").status().port()).isEqualTo(OptionalInt.of(8002));
        assertThat(holder.alive()).isTrue();
        assertThat(scene.conflicts()).singleElement().satisfies(conflict -> {
            assertThat(conflict.state()).isEqualTo(Conflict.State.RESOLVED);
            assertThat(conflict.actions()).extracting(action -> action.action()).containsExactly("AssignPort");
        });
        assertThat(scene.audit())
                .containsExactly(
                        "ServiceDeclared SUCCEEDED",
                        "ConflictDetected SUCCEEDED",
                        "PortAssigned SUCCEEDED",
                        "ConflictResolved SUCCEEDED");
    }

    @Test
    void aggressiveEndsTheHolderGently() throws Exception {
        SimProcess holder = scene.server(Program.named("python3", "python3", "-m", "http.server"), 8000);
        scene.declare("backend", wanting("aggressive", 8000, 8001));
        scene.pass(Duration.ofMillis(50));
        assertThat(holder.alive()).isFalse();
        scene.pass(Duration.ofSeconds(5));

        assertThat(scene.service("backend").status().port()).isEqualTo(OptionalInt.of(8000));
        assertThat(scene.audit())
                .containsExactly(
                        "ServiceDeclared SUCCEEDED",
                        "ConflictDetected SUCCEEDED",
                        "ProcessSignalled INTENDED",
                        "ProcessSignalled SUCCEEDED",
                        "ProcessExited SUCCEEDED",
                        "PortAssigned SUCCEEDED",
                        "ConflictResolved SUCCEEDED");
        assertThat(scene.berth.registry.evictions()).isEmpty();
    }

    @Test
    void aHolderThatIgnoresSigtermIsKilledAfterItsGrace() throws Exception {
        SimProcess holder = scene.server(Program.named("deaf").onTerm(Program.OnTerm.IGNORE, Duration.ZERO), 8000);
        scene.declare("backend", wanting("aggressive", 8000));
        scene.pass(Duration.ofMillis(9_900));
        assertThat(holder.alive()).isTrue();
        scene.pass(Duration.ofMillis(300));
        assertThat(holder.alive()).isFalse();
        scene.pass(Duration.ofSeconds(5));

        assertThat(scene.service("backend").status().port()).isEqualTo(OptionalInt.of(8000));
        assertThat(scene.records().stream()
                        .filter(record -> record.entry().action().equals("ProcessSignalled"))
                        .map(record ->
                                record.entry().outcome() + " " + record.entry().detail()))
                .containsExactly("INTENDED SIGTERM", "SUCCEEDED SIGTERM", "INTENDED SIGKILL", "SUCCEEDED SIGKILL");
    }

    @Test
    void aHolderThatIsRestartedIsNotFought() throws Exception {
        Program child = Program.named("api", "api", "serve").listening(Program.Endpoint.tcp(8000));
        scene.machine.start(
                Program.named("mysuper").supervising(child, Duration.ofMillis(500)), Users.DEV, scene.shell);
        scene.declare("backend", wanting("aggressive", 8000, 8001));
        scene.pass(GRACE);

        assertThat(scene.service("backend").status().port()).isEqualTo(OptionalInt.of(8001));
        assertThat(scene.conflicts()).singleElement().satisfies(conflict -> {
            assertThat(conflict.state()).isEqualTo(Conflict.State.RESOLVED);
            assertThat(conflict.reason()).contains("mysuper");
        });
        assertThat(scene.audit().stream().filter("ProcessSignalled SUCCEEDED"::equals))
                .hasSize(1);
        assertThat(scene.berth.registry.evictions()).isEmpty();
    }

    @Test
    void aSettledWorldCostsNothing() throws Exception {
        scene.server(Program.named("holder"), 8000);
        scene.declare("moved", wanting("conservative", 8000, 8001));
        scene.declare("there", ServiceSpec.guarding(9000));
        scene.declare("stuck", wanting("conservative", 8000));
        scene.server(Program.named("own"), 9000);
        scene.pass(Duration.ofSeconds(5));
        long writes = scene.store.appends();
        int words = scene.said.size();
        scene.pass(Duration.ofMinutes(3));

        assertThat(scene.store.appends()).isEqualTo(writes);
        assertThat(scene.said).hasSize(words);
    }

    @Test
    void freeingAPortAnswersWhenItIsFree() throws Exception {
        SimProcess holder = scene.server(Program.named("python3"), 8000);
        CompletableFuture<Freed> answer = scene.free(8000).toCompletableFuture();
        scene.pass(Duration.ofMillis(20));

        assertThat(holder.alive()).isFalse();
        assertThat(answer).isCompletedWithValueMatching(Freed.Done.class::isInstance);
        assertThat(scene.audit())
                .containsExactly("ProcessSignalled INTENDED", "ProcessSignalled SUCCEEDED", "ProcessExited SUCCEEDED");
        scene.pass(Duration.ofSeconds(5));
        assertThat(scene.berth.registry.evictions()).isEmpty();
        assertThat(scene.free(8000).toCompletableFuture())
                .isCompletedWithValueMatching(Freed.AlreadyFree.class::isInstance);
    }

    @Test
    void freeingTheOwnPortOfAServiceStopsTheService() throws Exception {
        scene.declare("backend", ServiceSpec.guarding(8000));
        scene.server(Program.named("own"), 8000);
        scene.pass(SOON);
        assertThat(scene.service("backend").status().state()).isEqualTo(ServiceState.RUNNING);
        CompletableFuture<Freed> answer = scene.free(8000).toCompletableFuture();
        scene.pass(SOON);

        assertThat(answer).isCompletedWithValueMatching(Freed.Done.class::isInstance);
        assertThat(scene.service("backend").spec().running()).isFalse();
        assertThat(scene.service("backend").status().state()).isEqualTo(ServiceState.STOPPED);
    }

    @Test
    void anotherUsersProcessIsNobodysToEnd() {
        SimProcess eves = scene.machine.start(
                Program.named("eves").listening(Program.Endpoint.tcp(8000)), Users.EVE, scene.machine.init);
        assertThat(scene.free(8000).toCompletableFuture())
                .isCompletedWithValueMatching(Freed.Refused.class::isInstance);
        scene.pass(SOON);
        assertThat(eves.alive()).isTrue();
    }

    @Test
    void oneThatTakesItsGraceDelaysNoOther() throws Exception {
        for (int each = 0; each < 50; each++) {
            Program program = Program.named("holder" + each);
            scene.server(each == 0 ? program.onTerm(Program.OnTerm.IGNORE, Duration.ZERO) : program, 8000 + each);
            scene.declare("service" + each, wanting("aggressive", 8000 + each));
        }
        scene.pass(Duration.ofSeconds(4));

        List<OptionalInt> ports = scene.berth.registry.services().stream()
                .map(service -> service.status().port())
                .toList();
        assertThat(ports.subList(1, 50)).allMatch(OptionalInt::isPresent);
        assertThat(ports.get(0)).isEmpty();
        scene.pass(GRACE);
        assertThat(scene.service("service0").status().port()).isEqualTo(OptionalInt.of(8000));
    }

    @Test
    void twoThatMayHaveOnePortAreNeverGivenIt() throws Exception {
        scene.server(Program.named("holder"), 8000);
        scene.server(Program.named("holder"), 9000);
        scene.declare("one", wanting("conservative", 8000, 8001));
        scene.declare("two", wanting("conservative", 9000, 8001));
        scene.pass(SOON);

        OptionalInt first = scene.service("one").status().port();
        OptionalInt second = scene.service("two").status().port();
        assertThat(List.of(first, second)).contains(OptionalInt.of(8001)).doesNotHaveDuplicates();
    }

    @Test
    void aDeletedServiceGivesItsPortBackAndKeepsItsHistory() throws Exception {
        scene.declare("first", ServiceSpec.guarding(8000));
        scene.declare("second", ServiceSpec.guarding(8000, 8001));
        scene.pass(SOON);
        assertThat(scene.service("second").status().port()).isEqualTo(OptionalInt.of(8001));
        scene.berth.plane.declarations().delete(Scene.key("first"), Users.caller(Users.DEV), OptionalLong.empty());
        scene.pass(Duration.ofSeconds(40));

        assertThat(scene.berth.registry.service(Scene.key("first"))).isEmpty();
        assertThat(scene.service("second").status().port()).isEqualTo(OptionalInt.of(8000));
    }

    @Test
    void aSignalThatIsIntendedForAServiceIsNotSentOnceThatIsDeleted() throws Exception {
        SimProcess holder = scene.server(Program.named("node"), 8000);
        scene.declare("backend", wanting("aggressive", 8000));
        // No further than to the intent.
        while (scene.berth.registry.evictions().isEmpty()) {
            assertThat(scene.berth.plane.loop().runNext()).isTrue();
        }
        scene.berth.plane.declarations().delete(Scene.key("backend"), Users.caller(Users.DEV), OptionalLong.empty());
        scene.pass(Duration.ofSeconds(20));

        assertThat(holder.alive()).isTrue();
        assertThat(scene.records().stream()
                        .filter(record -> record.entry().action().equals("ProcessSignalled"))
                        .map(record ->
                                record.entry().outcome() + " " + record.entry().detail()))
                .containsExactly("INTENDED SIGTERM", "FAILED SIGTERM: not sent");
        assertThat(scene.berth.registry.evictions()).isEmpty();
    }
}
