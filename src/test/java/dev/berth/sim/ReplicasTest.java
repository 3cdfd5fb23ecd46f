package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.berth.control.Applied;
import dev.berth.control.Declaration;
import dev.berth.control.Planned;
import dev.berth.control.RunRequests;
import dev.berth.control.Stack;
import dev.berth.model.AuditRecord;
import dev.berth.model.Condition;
import dev.berth.model.Dependency;
import dev.berth.model.Instances;
import dev.berth.model.Outcome;
import dev.berth.model.PortRange;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.plan.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Services of which several instances run. */
class ReplicasTest extends Replicated {
    @Test
    void eachHasAProcessAndAPortOfItsOwn() throws Exception {
        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);

        assertThat(ports("web")).containsExactly(8000, 8001, 8002);
        assertThat(processes("web")).hasSize(3).doesNotHaveDuplicates();
        assertThat(running()).hasSize(3);
        assertThat(instances("web").state()).isEqualTo(ServiceState.RUNNING);
        assertThat(instances("web").ready().orElseThrow().message()).startsWith("3 of 3 ready");
        assertThat(scene.records())
                .filteredOn(record -> record.entry().action().equals("PortAssigned"))
                .extracting(record -> record.entry().target().name())
                .containsExactlyInAnyOrder("web", "web.1", "web.2");
    }

    @Test
    void portsAreTakenFromTheAlternativesAndTheRangeThatAreFree() throws Exception {
        scene.server(Program.named("holder"), 9001);
        scene.server(Program.named("holder"), 9100);
        scene.declare(
                "web",
                serving(9000)
                        .alternativePorts(List.of(9001, 9002))
                        .portRange(new PortRange(9100, 9200))
                        .replicas(4)
                        .build());
        scene.pass(LATER);

        assertThat(ports("web")).containsExactly(9000, 9002, 9101, 9102);
    }

    @Test
    void portsOfARangeComeInTheOrderOfTheInstancesHoweverTheyAreDeclared() throws Exception {
        ServiceSpec spec = ServiceSpec.builder()
                .portRange(new PortRange(9100, 9103))
                .command(ServicePrograms.SERVES.command(0))
                .replicas(4)
                .build();
        apply("web", spec);
        scene.pass(LATER);
        assertThat(ports("web")).containsExactly(9100, 9101, 9102, 9103);
        assertThat(instances("web").are(Condition.READY)).isTrue();
    }

    private void apply(String name, ServiceSpec spec) throws Exception {
        Stack stack = Stack.of(List.of(Declaration.of(Scene.key(name), spec)), Optional.empty(), false);
        scene.berth.plane.stacks().apply(stack, Users.caller(Users.DEV));
    }

    @Test
    void fewerAndMoreAreEndedAndMadeWithoutTouchingTheOthers() throws Exception {
        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);
        List<ProcessRef> before = processes("web");

        scene.declare("web", serving(8000).replicas(1).build());
        scene.pass(LATER);
        assertThat(processes("web")).containsExactly(before.get(0));
        assertThat(scene.berth.registry.services()).hasSize(1);
        assertThat(running()).hasSize(1);

        scene.declare("web", serving(8000).replicas(2).build());
        scene.pass(LATER);
        assertThat(processes("web")).hasSize(2).startsWith(before.get(0));
        assertThat(ports("web")).containsExactly(8000, 8001);
    }

    @Test
    void oneThatGoesUpAgainWhileItIsBeingEndedStays() throws Exception {
        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);
        scene.declare("web", serving(8000).replicas(1).build());
        while (scene.berth.registry.service(Scene.key("web").replica(2)).stream()
                .allMatch(each -> each.metadata().deletionTimestamp().isEmpty())) {
            assertThat(scene.berth.plane.loop().runNext()).isTrue();
        }
        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);

        assertThat(running()).hasSize(3);
        assertThat(instances("web").are(Condition.READY)).isTrue();
    }

    @Test
    void oneThatCrashesIsRestartedAloneAndMeanwhileTheServiceIsNotReady() throws Exception {
        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);
        List<ProcessRef> before = processes("web");
        Condition well = scene.service("web")
                .status()
                .condition(Condition.REPLICAS_READY)
                .orElseThrow();
        assertThat(well.status()).isEqualTo(Condition.Status.TRUE);

        List<Instances> seen = new ArrayList<>();
        scene.berth.registry.onCommit(rows -> seen.add(instances("web")));
        scene.machine.exit(process(replica("web", 1)));
        scene.pass(LATER);
        assertThat(seen).anySatisfy(each -> {
            assertThat(each.ready().orElseThrow().status()).isEqualTo(Condition.Status.FALSE);
            assertThat(each.readiness()).startsWith("2 of 3 ready: web.1 is ");
        });
        assertThat(processes("web").get(0)).isEqualTo(before.get(0));
        assertThat(processes("web").get(1)).isNotEqualTo(before.get(1));
        assertThat(processes("web").get(2)).isEqualTo(before.get(2));
        assertThat(replica("web", 1).status().restarts()).isEqualTo(1);
        assertThat(scene.service("web").status().restarts()).isZero();
        assertThat(instances("web").are(Condition.READY)).isTrue();
    }

    @Test
    void theyFollowWhatTheServiceIsDeclaredAs() throws Exception {
        scene.declare("web", serving(8000).replicas(2).build());
        scene.pass(LATER);
        List<ProcessRef> before = processes("web");
        scene.declare(
                "web",
                serving(8000)
                        .replicas(2)
                        .command(ServicePrograms.SERVES.command(7))
                        .build());
        scene.pass(LATER);
        assertThat(running())
                .hasSize(2)
                .allMatch(each -> each.program.commandLine().contains("7"));
        assertThat(processes("web")).doesNotContainAnyElementsOf(before);

        ask("web", RunRequests.Verb.STOP, false);
        scene.pass(LATER);
        assertThat(running()).isEmpty();
        assertThat(ports("web")).isEmpty();
        assertThat(instances("web").state()).isEqualTo(ServiceState.STOPPED);

        ask("web", RunRequests.Verb.START, false);
        scene.pass(LATER);
        assertThat(running()).hasSize(2);
    }

    @Test
    void aDeletedServiceGoesAfterItsReplicasAndNothingIsLeft() throws Exception {
        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);
        scene.berth.plane.declarations().delete(Scene.key("web"), Users.caller(Users.DEV), OptionalLong.empty());
        Collection<ServiceKey> left = new TreeSet<>();
        while (!scene.berth.registry.services().isEmpty()) {
            left.clear();
            scene.berth.registry.services().forEach(each -> left.add(each.key()));
            scene.pass(Duration.ofMillis(1));
        }
        assertThat(left).contains(Scene.key("web"));
        assertThat(running()).isEmpty();

        scene.declare("web", serving(8000).running(false).replicas(3).build());
        scene.pass(LATER);
        scene.berth.plane.declarations().delete(Scene.key("web"), Users.caller(Users.DEV), OptionalLong.empty());
        assertThat(scene.berth.registry.services())
                .as("nothing runs, so all go at once")
                .isEmpty();
    }

    @Test
    void whatDependsOnThemStartsAfterAllAndStopsBeforeAll() throws Exception {
        scene.declare(
                "front",
                serving(9000)
                        .dependsOn(List.of(new Dependency("web", Dependency.Until.HEALTHY)))
                        .build());
        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);
        List<String> started = starts();
        assertThat(started).hasSize(4).endsWith("front");

        long seq = scene.records().get(scene.records().size() - 1).seq();
        ask("front", RunRequests.Verb.STOP, false);
        ask("web", RunRequests.Verb.STOP, false);
        scene.pass(LATER);
        assertThat(scene.records().stream()
                        .filter(record ->
                                record.seq() > seq && record.entry().action().equals("ProcessSignalled"))
                        .map(record -> record.entry().target().name())
                        .findFirst())
                .contains("front");
        assertThat(running()).isEmpty();
    }

    @Test
    void theNextBerthTakesThemUpAsTheyAre() throws Exception {
        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);
        List<ProcessRef> before = processes("web");
        scene.restart();
        scene.pass(LATER);
        assertThat(processes("web")).isEqualTo(before);
        assertThat(running()).hasSize(3);
    }

    @Test
    void freeingThePortOfOneStopsTheWholeService() throws Exception {
        scene.declare("web", serving(8000).replicas(2).build());
        scene.pass(LATER);
        scene.free(8001);
        scene.pass(LATER);
        assertThat(scene.service("web").spec().running()).isFalse();
        assertThat(running()).isEmpty();
        assertThat(scene.machine.network.sockets()).noneMatch(socket -> socket.port == 8001);
    }

    @Test
    void pruningAndDeletingAStackTakesThemAlong() throws Exception {
        Declaration web =
                Declaration.of(Scene.key("web"), serving(8000).replicas(2).build());
        Declaration api = Declaration.of(Scene.key("api"), serving(9000).build());
        scene.berth
                .plane
                .stacks()
                .apply(Stack.of(List.of(web, api), Optional.of("shop"), true), Users.caller(Users.DEV));
        scene.pass(LATER);
        assertThat(((Applied.Done) scene.berth
                                .plane
                                .stacks()
                                .apply(Stack.of(List.of(web, api), Optional.of("shop"), true), Users.caller(Users.DEV)))
                        .pruned())
                .as("replicas belong to no file")
                .isEmpty();
        scene.berth.plane.stacks().apply(Stack.of(List.of(api), Optional.of("shop"), true), Users.caller(Users.DEV));
        scene.pass(LATER);
        assertThat(scene.berth.registry.services()).extracting(Service::key).containsExactly(Scene.key("api"));
        assertThat(running()).hasSize(1);
    }

    @Test
    void aDryRunTellsOfEachInstance() throws Exception {
        Planned planned = scene.berth
                .plane
                .declarations()
                .plan(
                        Declaration.of(
                                Scene.key("web"), serving(8000).replicas(3).build()),
                        Users.caller(Users.DEV),
                        OptionalLong.empty());
        assertThat(planned.replicas())
                .extracting(each -> each.service().name(), Planned::kind)
                .containsExactly(tuple("web.1", Planned.Kind.CREATE), tuple("web.2", Planned.Kind.CREATE));
        assertThat(planned.replicas().stream()
                        .flatMap(each -> each.plan().actions().stream())
                        .filter(Action.AssignPort.class::isInstance)
                        .map(action -> ((Action.AssignPort) action).port().port()))
                .containsExactly(8001, 8002);
        assertThat(scene.berth.registry.services()).isEmpty();

        scene.declare("web", serving(8000).replicas(3).build());
        scene.pass(LATER);
        Planned fewer = scene.berth
                .plane
                .declarations()
                .plan(
                        Declaration.of(
                                Scene.key("web"), serving(8000).replicas(2).build()),
                        Users.caller(Users.DEV),
                        OptionalLong.empty());
        assertThat(fewer.replicas())
                .extracting(each -> each.service().name(), Planned::kind)
                .containsExactly(tuple("web.1", Planned.Kind.UNCHANGED), tuple("web.2", Planned.Kind.DELETE));
        assertThat(ports("web")).hasSize(3);
    }

    /** Names, in the order of the first start of each. */
    private List<String> starts() throws Exception {
        return scene.records().stream()
                .map(AuditRecord::entry)
                .filter(entry -> entry.action().equals("ProcessStarted") && entry.outcome() == Outcome.INTENDED)
                .map(entry -> entry.target().name())
                .toList();
    }
}
