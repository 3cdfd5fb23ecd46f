package dev.berth.plan;

import static dev.berth.plan.Plans.kinds;
import static dev.berth.plan.Plans.only;
import static dev.berth.plan.World.ANN;
import static dev.berth.plan.World.BOB;
import static dev.berth.plan.World.ROOT;
import static dev.berth.plan.World.noted;
import static dev.berth.plan.World.process;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Command;
import dev.berth.model.Conflict;
import dev.berth.model.DecisionKind;
import dev.berth.model.Eviction;
import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.model.Severity;
import dev.berth.model.User;
import dev.berth.plan.Action.AssignPort;
import dev.berth.plan.Action.CloseConflict;
import dev.berth.plan.Action.EvictHolders;
import dev.berth.plan.Action.OpenConflict;
import dev.berth.plan.Action.RedecideConflict;
import dev.berth.plan.Action.RestartService;
import dev.berth.plan.Action.StopOwner;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** How contests are decided: by strategies, and by the guard over them. */
class ContestTest {
    static final PortKey PORT = PortKey.tcp(8000);
    static final ProcessFacts NODE = process(4242, ANN, "node server.js");
    private static final Origin UNIT = new Origin(
            HolderKind.UNIT, Optional.of("web.service"), false, Optional.empty(), Optional.empty(), Optional.empty());

    static World contest(String strategy, ProcessFacts... holders) {
        return World.wanting(ServiceSpec.builder()
                        .port(8000)
                        .alternativePorts(List.of(8001))
                        .strategy(strategy)
                        .build())
                .listens(8000, holders);
    }

    private static World lonely(World world) {
        return world.policy(Policies.with(each -> each.range = new PortRange(8000, 8000)))
                .spec(world.service.spec().toBuilder()
                        .alternativePorts(List.of())
                        .build());
    }

    private static World critical(World world) {
        return world.spec(world.service.spec().toBuilder().critical(true).build());
    }

    private static World owned(World world, User owner) {
        World same = new World(World.service("backend", world.service.spec(), owner, 0));
        same.listeners.addAll(world.listeners);
        same.processes.putAll(world.processes);
        same.berth = new BerthIdentity(World.BERTH, ROOT, List.of(), World.INSTALLATION, World.NOW);
        return same;
    }

    private record Row(String name, World world, DecisionKind decision, String because) {}

    private static ProcessFacts from(String note) {
        return process(4242, ANN, "node server.js", noted(HolderKind.FOREIGN, note));
    }

    private static ProcessFacts of(Origin origin) {
        return process(4242, ANN, "node server.js", origin);
    }

    @TestFactory
    Stream<DynamicTest> decisions() {
        ProcessFacts orphan = from("orphan: what started it has ended");
        Origin supervised = new Origin(
                HolderKind.SUPERVISED,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.of("pm2 (pid 9)"),
                Optional.empty());
        return Stream.of(
                        new Row(
                                "conservative leaves alone",
                                contest("conservative", orphan),
                                DecisionKind.MIGRATE,
                                "never touches"),
                        new Row(
                                "aggressive frees",
                                contest("aggressive", NODE),
                                DecisionKind.TERMINATE,
                                "frees the port"),
                        new Row("a leftover", contest("intelligent", orphan), DecisionKind.TERMINATE, "leftover"),
                        new Row(
                                "a terminal",
                                contest("intelligent", from("runs in a terminal")),
                                DecisionKind.MIGRATE,
                                "live session"),
                        new Row(
                                "an npm script",
                                contest("intelligent", from("npm script dev")),
                                DecisionKind.MIGRATE,
                                "npm script dev"),
                        new Row(
                                "critical",
                                critical(contest("intelligent", from("runs in a terminal"))),
                                DecisionKind.TERMINATE,
                                "critical"),
                        new Row(
                                "nowhere to go",
                                lonely(contest("intelligent", from("runs in a terminal"))),
                                DecisionKind.TERMINATE,
                                "no other port"),
                        new Row(
                                "supervised",
                                critical(contest("intelligent", of(supervised))),
                                DecisionKind.MIGRATE,
                                "pm2 (pid 9)"),
                        new Row(
                                "supervised, nowhere to go",
                                lonely(contest("intelligent", of(supervised))),
                                DecisionKind.REPORT,
                                "no other port"),
                        new Row(
                                "another user's",
                                critical(contest("intelligent", process(7, BOB, "node"))),
                                DecisionKind.MIGRATE,
                                "another user's"),
                        new Row(
                                "another user's, aggressive",
                                contest("aggressive", process(7, BOB, "node")),
                                DecisionKind.MIGRATE,
                                "another user's"),
                        new Row(
                                "root may end another's",
                                owned(contest("aggressive", process(7, BOB, "node")), ROOT),
                                DecisionKind.TERMINATE,
                                "frees"),
                        new Row(
                                "one of two holders is another's",
                                contest("aggressive", NODE, process(7, BOB, "node")),
                                DecisionKind.MIGRATE,
                                "another user's"),
                        new Row(
                                "protected by name",
                                contest("aggressive", process(7, ANN, "dockerd")),
                                DecisionKind.MIGRATE,
                                "container-runtime"),
                        new Row(
                                "one of two holders is protected",
                                contest("aggressive", NODE, process(7, ANN, "sshd")),
                                DecisionKind.MIGRATE,
                                "sshd"),
                        new Row(
                                "unknown",
                                contest("aggressive").unseen(8000, "permission denied", false),
                                DecisionKind.MIGRATE,
                                "no process that was seen"),
                        new Row(
                                "one of two sockets unknown",
                                contest("aggressive", NODE).unseen(8000, "permission denied", false),
                                DecisionKind.MIGRATE,
                                "no process that was seen"),
                        new Row(
                                "a unit",
                                contest("aggressive", of(UNIT)),
                                DecisionKind.MIGRATE,
                                "systemctl stop web.service"),
                        row(
                                "protected port",
                                each -> each.protectedPorts = Set.of(8000),
                                DecisionKind.MIGRATE,
                                "protect.ports"),
                        row(
                                "protected pattern",
                                each -> each.protectedProcesses = List.of("server"),
                                DecisionKind.MIGRATE,
                                "protect.processes"),
                        row(
                                "preserveForeign",
                                each -> each.preserveForeign = true,
                                DecisionKind.MIGRATE,
                                "preserveForeign"),
                        row("only reports", each -> each.autoResolve = false, DecisionKind.REPORT, "autoResolve"),
                        row(
                                "frees without migration too",
                                each -> each.allowMigration = false,
                                DecisionKind.TERMINATE,
                                "frees"),
                        new Row(
                                "may not move",
                                contest("conservative", NODE)
                                        .policy(Policies.with(each -> each.allowMigration = false)),
                                DecisionKind.REPORT,
                                "allowMigration"))
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> {
                    Plan plan = row.world().plan();
                    OpenConflict open = only(plan, OpenConflict.class);
                    assertThat(open.decision()).as(open.reason()).isEqualTo(row.decision());
                    assertThat(open.reason()).contains(row.because());
                    assertThat(kinds(plan).contains("EvictHolders"))
                            .isEqualTo(row.decision() == DecisionKind.TERMINATE);
                    assertThat(kinds(plan).contains("AssignPort")).isEqualTo(row.decision() == DecisionKind.MIGRATE);
                    assertThat(plan.state() == ServiceState.BLOCKED).isEqualTo(row.decision() == DecisionKind.REPORT);
                }));
    }

    private static Row row(String name, Consumer<Policies> changes, DecisionKind decision, String because) {
        return new Row(name, contest("aggressive", NODE).policy(Policies.with(changes)), decision, because);
    }

    @Test
    void endsTheTopmostHolderFirst() {
        ProcessFacts master = process(90, ANN, "nginx: master");
        ProcessFacts worker = World.below(process(80, ANN, "nginx: worker"), master);
        Plan plan = contest("aggressive", worker, master).plan();
        assertThat(only(plan, EvictHolders.class).holders()).containsExactly(master.ref(), worker.ref());
    }

    @Test
    void stopsTheOwnerWhereThatIsAllowed() {
        World world = contest("aggressive", of(UNIT)).policy(Policies.with(each -> each.stopOwners = true));
        Plan plan = world.plan();
        assertThat(kinds(plan)).containsExactly("OpenConflict", "StopOwner");
        assertThat(only(plan, StopOwner.class).origin()).isEqualTo(UNIT);
    }

    @Test
    void aStaleProcessOfItsOwnIsReplacedOnItsPort() {
        World world = contest("conservative", World.marked(NODE, "default/backend"));
        world.spec(world.service.spec().toBuilder()
                .command(new Command.Shell("node server.js"))
                .build());
        Plan plan = world.plan();
        assertThat(kinds(plan)).containsExactly("OpenConflict", "RestartService");
        assertThat(only(plan, OpenConflict.class).severity()).isEqualTo(Severity.LOW);
        assertThat(only(plan, RestartService.class).stale()).containsExactly(NODE.ref());
        Carried.out(world, plan);
        world.nobodyListens(8000).evictions.put(PORT, Carried.eviction(PORT, Eviction.Phase.FREED, List.of(NODE)));
        assertThat(kinds(world.plan())).containsExactly("AssignPort", "CloseConflict", "StartProcess");
    }

    private static World evicting(Eviction.Phase phase, ProcessFacts... holders) {
        World world = contest("aggressive", holders);
        Carried.open(world, PORT, DecisionKind.TERMINATE, false, NODE);
        world.evictions.put(PORT, Carried.eviction(PORT, phase, List.of(NODE)));
        return world;
    }

    @Test
    void waitsWhileAnEvictionGoesOn() {
        for (Eviction.Phase phase : List.of(Eviction.Phase.TERMINATING, Eviction.Phase.KILLING)) {
            assertThat(kinds(evicting(phase, NODE).plan())).containsExactly("Wait");
        }
        Plan watching = evicting(Eviction.Phase.WATCHING).nobodyListens(8000).plan();
        assertThat(kinds(watching)).containsExactly("Wait");
        assertThat(watching.requeueAfter()).isPresent();
    }

    @Test
    void takesAFreedPortAndClosesTheConflict() {
        Plan plan = evicting(Eviction.Phase.FREED).nobodyListens(8000).plan();
        assertThat(only(plan, AssignPort.class).port()).isEqualTo(PORT);
        assertThat(only(plan, CloseConflict.class).succeeded()).isTrue();
        assertThat(only(plan, CloseConflict.class).reason()).contains("was freed");
    }

    @Test
    void doesNotFightWhatComesBackOrCanNotBeEnded() {
        for (Eviction.Phase phase : List.of(Eviction.Phase.RESPAWNED, Eviction.Phase.FAILED, Eviction.Phase.FREED)) {
            Plan plan = evicting(phase, NODE).plan();
            assertThat(kinds(plan)).containsExactly("RedecideConflict", "AssignPort", "CloseConflict");
            assertThat(only(plan, RedecideConflict.class).decision()).isEqualTo(DecisionKind.MIGRATE);
            assertThat(only(plan, AssignPort.class).port()).isEqualTo(PortKey.tcp(8001));
        }
        assertThat(only(evicting(Eviction.Phase.RESPAWNED, NODE).plan(), RedecideConflict.class)
                        .reason())
                .contains("as it ended: RESPAWNED")
                .contains("not fighting");
    }

    @Test
    void remembersWhatCameBackEarlier() {
        World world = contest("aggressive", NODE);
        world.history.add(new PastEviction(PORT, NODE.command(), World.NOW, Optional.of("restarted by bash (pid 12)")));
        assertThat(only(world.plan(), OpenConflict.class).decision()).isEqualTo(DecisionKind.MIGRATE);
        assertThat(only(world.plan(), OpenConflict.class).reason()).contains("bash (pid 12)");
    }

    @Test
    void intelligentLearnsFromWhatWorked() {
        World world = contest("intelligent", from("runs in a terminal"));
        world.history.add(new PastEviction(PORT, NODE.command(), World.NOW, Optional.empty()));
        assertThat(only(world.plan(), OpenConflict.class).decision()).isEqualTo(DecisionKind.TERMINATE);
    }

    @Test
    void aHolderThatLeavesByItselfEndsTheContest() {
        World world = contest("conservative", NODE).policy(Policies.with(each -> each.allowMigration = false));
        Carried.out(world, world.plan());
        assertThat(kinds(world.plan())).containsExactly("Report");
        Plan plan = world.nobodyListens(8000).plan();
        assertThat(only(plan, CloseConflict.class).succeeded()).isTrue();
        assertThat(only(plan, CloseConflict.class).reason()).contains("by itself");
        assertThat(only(plan, AssignPort.class).port()).isEqualTo(PORT);
    }

    @Test
    void oneContestIsOneConflictAlsoWhenTheHolderRestarts() {
        World world = contest("conservative", NODE).policy(Policies.with(each -> each.allowMigration = false));
        Carried.out(world, world.plan());
        world.nobodyListens(8000).listens(8000, process(5000, ANN, "node server.js"));
        assertThat(kinds(world.plan())).containsExactly("Report");
        world.nobodyListens(8000).listens(8000, process(5001, ANN, "java -jar app.jar"));
        Plan over = world.plan();
        assertThat(kinds(over)).containsExactly("CloseConflict");
        Carried.out(world, over);
        assertThat(only(world.plan(), OpenConflict.class).holder().command()).contains("java -jar app.jar");
    }

    @Test
    void aDismissedContestIsLeftAloneUntilItsHolderGoes() {
        World world = contest("aggressive", NODE);
        Carried.open(world, PORT, DecisionKind.TERMINATE, true, NODE);
        world.conflicts.replaceAll(conflict -> conflict.closed(Conflict.State.DISMISSED, World.NOW));
        assertThat(kinds(world.plan())).containsExactly("Report");
        assertThat(kinds(world.nobodyListens(8000).plan())).containsExactly("AssignPort");
    }

    @Test
    void aContestOnThePortThatItHasCanLeadHome() {
        World world = World.wanting(ServiceSpec.guarding(8000, 8001)).at(8001).listens(8001, process(7, BOB, "node"));
        Plan plan = world.plan();
        assertThat(kinds(plan)).containsExactly("OpenConflict", "AssignPort", "CloseConflict");
        assertThat(only(plan, AssignPort.class).port()).isEqualTo(PORT);
        Carried.out(world, plan);
        assertThat(world.plan().actions()).isEmpty();
    }

    @Test
    void severityGrowsWithWhatIsAtStake() {
        assertThat(only(contest("conservative", NODE).plan(), OpenConflict.class)
                        .severity())
                .isEqualTo(Severity.MEDIUM);
        assertThat(only(critical(contest("conservative", NODE)).plan(), OpenConflict.class)
                        .severity())
                .isEqualTo(Severity.HIGH);
        assertThat(only(lonely(contest("conservative", NODE)).plan(), OpenConflict.class)
                        .severity())
                .isEqualTo(Severity.HIGH);
        assertThat(only(critical(lonely(contest("conservative", NODE))).plan(), OpenConflict.class)
                        .severity())
                .isEqualTo(Severity.CRITICAL);
    }
}
