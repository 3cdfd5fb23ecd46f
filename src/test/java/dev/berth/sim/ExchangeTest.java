package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.control.Declaration;
import dev.berth.control.Planned;
import dev.berth.control.Stack;
import dev.berth.model.Condition;
import dev.berth.model.DecisionKind;
import dev.berth.model.Dependency;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.model.ReturnHome;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.plan.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Services that are declared to have each other's ports. */
class ExchangeTest {
    private static final Duration LATER = Duration.ofSeconds(8);

    private Scene scene = new Scene();

    private static ServiceSpec.Builder serving(int port) {
        return ServiceSpec.builder().port(port).command(ServicePrograms.SERVES.command(0));
    }

    private static Declaration declaration(String name, ServiceSpec spec) {
        return Declaration.of(Scene.key(name), spec);
    }

    private void apply(Declaration... declarations) throws Exception {
        scene.berth.plane.stacks().apply(Stack.of(List.of(declarations), Optional.empty(), false), caller());
    }

    private static dev.berth.model.Caller caller() {
        return Users.caller(Users.DEV);
    }

    /** By name. */
    private void apply(Map<String, Integer> ports, List<String> order) throws Exception {
        apply(order.stream()
                .map(name -> declaration(name, serving(ports.get(name)).build()))
                .toArray(Declaration[]::new));
    }

    private Map<String, Integer> ports() {
        Map<String, Integer> ports = new TreeMap<>();
        scene.berth
                .registry
                .services()
                .forEach(each -> ports.put(
                        each.key().name(), each.assigned().map(PortKey::port).orElse(0)));
        return ports;
    }

    /** Each listens where it is said to, and no port was ever given twice. */
    private void runsOn(Map<String, Integer> ports) {
        assertThat(ports()).isEqualTo(ports);
        for (Service service : scene.berth.registry.services()) {
            assertThat(service.status().state()).as(service.toString()).isEqualTo(ServiceState.RUNNING);
            ProcessRef process = service.status().process().orElseThrow();
            assertThat(scene.machine.find(process).orElseThrow().sockets)
                    .extracting(socket -> socket.port)
                    .containsExactly(ports.get(service.key().name()));
            assertThat(service.status().condition(Condition.HOME_FREE)).isEmpty();
        }
    }

    private void watchForPortsGivenTwice() {
        scene.berth.registry.onCommit(rows -> {
            Set<PortKey> seen = new HashSet<>();
            scene.berth
                    .registry
                    .services()
                    .forEach(each -> each.assigned()
                            .ifPresent(port -> assertThat(seen.add(port))
                                    .as(port + " twice")
                                    .isTrue()));
        });
    }

    private static List<List<String>> orders(List<String> names) {
        if (names.isEmpty()) {
            return List.of(List.of());
        }
        List<List<String>> all = new ArrayList<>();
        for (String first : names) {
            List<String> rest = new ArrayList<>(names);
            rest.remove(first);
            for (List<String> order : orders(rest)) {
                List<String> one = new ArrayList<>(List.of(first));
                one.addAll(order);
                all.add(one);
            }
        }
        return all;
    }

    /** Whoever is older, and whoever is looked at first. */
    private void movesInAnyOrder(Map<String, Integer> before, Map<String, Integer> after) throws Exception {
        List<String> names = List.copyOf(new TreeMap<>(before).keySet());
        for (List<String> ages : orders(names)) {
            for (List<String> passes : orders(names)) {
                scene = new Scene();
                watchForPortsGivenTwice();
                apply(before, ages);
                scene.pass(LATER);
                runsOn(before);
                apply(after, passes);
                scene.pass(LATER);
                runsOn(after);
                assertThat(scene.conflicts()).as("nothing was contested").isEmpty();
            }
        }
    }

    @Test
    void twoSwap() throws Exception {
        movesInAnyOrder(Map.of("a", 8000, "b", 8001), Map.of("a", 8001, "b", 8000));
    }

    @Test
    void threeGoRound() throws Exception {
        movesInAnyOrder(Map.of("a", 8000, "b", 8001, "c", 8002), Map.of("a", 8001, "b", 8002, "c", 8000));
    }

    @Test
    void oneFollowsTheOther() throws Exception {
        movesInAnyOrder(Map.of("a", 8000, "b", 8001, "c", 8002), Map.of("a", 8001, "b", 8002, "c", 8003));
    }

    @Test
    void aNewServiceGetsThePortThatAnotherIsDeclaredToLeave() throws Exception {
        for (List<String> order : orders(List.of("a", "b"))) {
            scene = new Scene();
            apply(Map.of("a", 8000), List.of("a"));
            scene.pass(LATER);
            apply(Map.of("a", 8001, "b", 8000), order);
            scene.pass(LATER);
            runsOn(Map.of("a", 8001, "b", 8000));
            assertThat(scene.conflicts()).isEmpty();
        }
    }

    @Test
    void twoSwapWithOneDeclarationAfterTheOther() throws Exception {
        apply(Map.of("a", 8000, "b", 8001), List.of("a", "b"));
        scene.pass(LATER);
        scene.declare("a", serving(8001).build());
        scene.pass(LATER);
        assertThat(ports()).as("b has it and keeps it").isEqualTo(Map.of("a", 8000, "b", 8001));
        scene.declare("b", serving(8000).build());
        scene.pass(LATER);
        runsOn(Map.of("a", 8001, "b", 8000));
    }

    @Test
    void whatTheOtherDependsOnIsNotStoppedFirst() throws Exception {
        for (List<String> ages : orders(List.of("database", "web"))) {
            scene = new Scene();
            Declaration[] before = swapOfDependants(8000, 8001, ages);
            apply(before);
            scene.pass(LATER);
            apply(swapOfDependants(8001, 8000, ages));
            scene.pass(LATER);
            runsOn(Map.of("database", 8001, "web", 8000));
        }
    }

    private static Declaration[] swapOfDependants(int database, int web, List<String> order) {
        Map<String, ServiceSpec> specs = Map.of(
                "database",
                serving(database).build(),
                "web",
                serving(web)
                        .dependsOn(List.of(new Dependency("database", Dependency.Until.HEALTHY)))
                        .build());
        return order.stream().map(name -> declaration(name, specs.get(name))).toArray(Declaration[]::new);
    }

    @Test
    void oneThatCanNotBeStartedAgainKeepsAllWhereTheyAreUntilItCan() throws Exception {
        apply(Map.of("a", 8000, "b", 8001), List.of("a", "b"));
        scene.pass(LATER);
        List<ProcessRef> before = processes();
        scene.machine.missing.add("run-forks");
        ServiceSpec missing =
                serving(8001).command(ServicePrograms.FORKS.command(0)).build();
        apply(declaration("a", missing), declaration("b", serving(8000).build()));
        scene.pass(LATER);
        assertThat(processes()).isEqualTo(before);
        assertThat(scene.service("a").status().condition(Condition.UP_TO_DATE)).isPresent();
        Condition home =
                scene.service("b").status().condition(Condition.HOME_FREE).orElseThrow();
        assertThat(home.reason()).isEqualTo("OtherHeldUp");
        assertThat(home.message()).contains("default/a can't be restarted now");

        scene.machine.missing.clear();
        scene.pass(LATER);
        assertThat(ports()).isEqualTo(Map.of("a", 8001, "b", 8000));
        assertThat(processes()).doesNotContainAnyElementsOf(before);
    }

    /** Of two that exchange their ports the second has given up its own, and the first does not come away from the one promised. */
    private ServiceSpec theOtherDoesNotLeave() throws Exception {
        ServiceSpec.Builder forks = serving(8000).command(ServicePrograms.FORKS.command(0));
        ServiceSpec.Builder serves = serving(8001).alternativePorts(List.of(8005));
        apply(declaration("a", forks.build()), declaration("b", serves.build()));
        scene.pass(LATER);
        scene.berth.registry.onCommit(rows -> {
            if (scene.service("b").assigned().isEmpty()) {
                scene.machine.waiting.add("run-forks");
            }
        });
        apply(
                declaration("a", forks.port(8001).build()),
                declaration("b", serves.port(8000).build()));
        scene.pass(LATER);
        assertThat(ports()).isEqualTo(Map.of("a", 8000, "b", 0));
        return serves.build();
    }

    @Test
    void whoGaveUpItsPortTakesAnAlternativeWhenTheOtherDoesNotLeaveItsOwn() throws Exception {
        ServiceSpec waiting = theOtherDoesNotLeave();
        assertThat(scene.service("a")
                        .status()
                        .condition(Condition.HOME_FREE)
                        .orElseThrow()
                        .reason())
                .isEqualTo("RestartWaits");

        Duration patience = Duration.ofSeconds(15).plus(waiting.gracePeriod());
        scene.pass(patience.minus(LATER));
        assertThat(ports()).as("it is worth waiting for so long").containsEntry("b", 0);
        scene.pass(LATER);
        assertThat(ports()).isEqualTo(Map.of("a", 8000, "b", 8005));
        assertThat(scene.service("b").status().state()).isEqualTo(ServiceState.RUNNING);

        scene.machine.waiting.clear();
        scene.pass(LATER);
        assertThat(ports()).as("which is free since b gave it up").containsEntry("a", 8001);
        assertThat(scene.conflicts()).singleElement().satisfies(told -> {
            assertThat(told.service()).isEqualTo(Scene.key("b"));
            assertThat(told.decision()).isEqualTo(DecisionKind.MIGRATE);
        });
    }

    @Test
    void aClockThatIsSetBackMakesNobodyWaitForSoLong() throws Exception {
        theOtherDoesNotLeave();
        scene.time.jumpWallClock(Duration.ofDays(-1));
        scene.pass(LATER);
        assertThat(ports()).isEqualTo(Map.of("a", 8000, "b", 8005));
    }

    private List<ProcessRef> processes() {
        return scene.berth.registry.services().stream()
                .flatMap(each -> each.status().process().stream())
                .toList();
    }

    @Test
    void oneThatBerthDoesNotRunCanNotBeMovedAndThatIsSaid() throws Exception {
        apply(declaration("a", serving(8000).build()), declaration("b", ServiceSpec.guarding(8001)));
        scene.pass(LATER);
        scene.server(Program.named("guarded"), 8001);
        scene.pass(LATER);
        apply(declaration("a", serving(8001).build()), declaration("b", ServiceSpec.guarding(8000)));
        scene.pass(LATER);
        assertThat(ports()).isEqualTo(Map.of("a", 8000, "b", 8001));
        assertThat(scene.service("a")
                        .status()
                        .condition(Condition.HOME_FREE)
                        .orElseThrow()
                        .message())
                .contains("Berth does not run default/b", "stop it");
    }

    @Test
    void oneThatNeverReturnsAndWasNotDeclaredAnewStays() throws Exception {
        scene.server(Program.named("stranger"), 8001);
        apply(declaration(
                "a",
                serving(8001)
                        .alternativePorts(List.of(8000))
                        .strategy("conservative")
                        .returnHome(ReturnHome.NEVER)
                        .build()));
        scene.pass(LATER);
        scene.machine.processes().stream()
                .filter(each -> each.program.comm().equals("stranger"))
                .toList()
                .forEach(scene.machine::exit);
        apply(declaration("b", serving(8001).build()));
        scene.pass(LATER);
        Map<String, Integer> settled = ports();
        assertThat(settled).containsEntry("a", 8000);
        apply(declaration("b", serving(8000).build()));
        scene.pass(LATER);
        assertThat(ports()).containsEntry("a", 8000);
    }

    @Test
    void aDryRunSaysItBefore() throws Exception {
        apply(Map.of("a", 8000, "b", 8001), List.of("a", "b"));
        scene.pass(LATER);
        List<Planned> plans = scene.berth
                .plane
                .stacks()
                .plan(
                        Stack.of(
                                List.of(
                                        declaration("a", serving(8001).build()),
                                        declaration("b", serving(8000).build())),
                                Optional.empty(),
                                false),
                        caller());
        assertThat(plans)
                .flatExtracting(each -> each.plan().actions())
                .satisfiesExactly(
                        first -> assertThat(((Action.Wait) first).reason())
                                .contains("exchanges ports with default/b (from 8001 to 8000)"),
                        second -> assertThat(((Action.StopProcess) second).reason())
                                .contains("exchanges ports with default/a (from 8000 to 8001)"));
        assertThat(ports()).isEqualTo(Map.of("a", 8000, "b", 8001));
        assertThat(Collections.frequency(scene.audit(), "ProcessSignalled Intended"))
                .isZero();
    }
}
