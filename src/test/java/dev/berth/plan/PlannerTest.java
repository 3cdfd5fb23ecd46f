package dev.berth.plan;

import static dev.berth.plan.World.ANN;
import static dev.berth.plan.World.BOB;
import static dev.berth.plan.World.process;
import static dev.berth.plan.World.seated;
import static dev.berth.plan.World.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Blockage;
import dev.berth.model.Command;
import dev.berth.model.Completeness;
import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.DecisionKind;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Protocol;
import dev.berth.model.ReturnHome;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.plan.Action.AdoptProcess;
import dev.berth.plan.Action.AssignPort;
import dev.berth.plan.Action.Assignment;
import dev.berth.plan.Action.CloseConflict;
import dev.berth.plan.Action.ForgetProcess;
import dev.berth.plan.Action.OpenConflict;
import dev.berth.plan.Action.ReleasePort;
import dev.berth.plan.Action.Report;
import dev.berth.plan.Action.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which port a service gets, keeps and goes back to. What happens in a contest is {@link ContestTest}'s. */
class PlannerTest {
    private static final ProcessFacts NODE = process(4242, ANN, "node server.js");
    private static final ProcessFacts BOBS = process(4343, BOB, "node server.js");

    private static ServiceSpec.Builder wants(int port) {
        return ServiceSpec.builder().port(port);
    }

    static <T extends Action> T only(Plan plan, Class<T> type) {
        List<T> found =
                plan.actions().stream().filter(type::isInstance).map(type::cast).toList();
        assertThat(found).as("%s in %s", type.getSimpleName(), plan.actions()).hasSize(1);
        return found.get(0);
    }

    static List<String> kinds(Plan plan) {
        return plan.actions().stream()
                .map(action -> action.getClass().getSimpleName())
                .toList();
    }

    static Condition condition(Plan plan, String type) {
        return plan.conditions().stream()
                .filter(each -> each.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type + " in " + plan.conditions()));
    }

    @Test
    void aFreePreferredPortIsGiven() {
        Plan plan = World.wanting(ServiceSpec.guarding(8000, 8001)).plan();
        assertThat(kinds(plan)).containsExactly("AssignPort");
        assertThat(only(plan, AssignPort.class).port()).isEqualTo(PortKey.tcp(8000));
        assertThat(only(plan, AssignPort.class).how()).isEqualTo(Assignment.PREFERRED);
        assertThat(plan.state()).isEqualTo(ServiceState.PENDING);
        assertThat(condition(plan, Condition.READY).reason()).isEqualTo("NotRunning");
    }

    @Test
    void whatTheDeclaredServicesSayOfTheOneThatIsJudgedDoesNotCount() {
        World world = World.wanting(ServiceSpec.guarding(8000, 8001));
        // As it was stored before: older by its stamp, and on the port.
        world.other(World.seated(
                World.service("backend", ServiceSpec.guarding(8000), World.ANN, 9), 8000, Optional.empty()));
        assertThat(only(world.plan(), AssignPort.class).port()).isEqualTo(PortKey.tcp(8000));
    }

    @Test
    void eachServiceOfOneListIsJudgedAmongTheOthers() {
        Service old = World.service("old", ServiceSpec.guarding(8000, 8001), World.ANN, 9);
        Service young = World.service("young", ServiceSpec.guarding(8000, 8001), World.ANN, 0);
        World world = new World(old).other(young).other(old);
        Situation first = world.situation();
        Situation second = new Situation(
                young,
                first.services(),
                first.reservations(),
                first.host(),
                first.blockages(),
                first.conflicts(),
                first.evictions(),
                first.history(),
                first.berth());
        Planner planner = new Planner(Map.of());

        assertThat(only(planner.plan(first, world.policy, world.now), AssignPort.class)
                        .port())
                .isEqualTo(PortKey.tcp(8000));
        assertThat(only(planner.plan(second, world.policy, world.now), AssignPort.class)
                        .port())
                .isEqualTo(PortKey.tcp(8001));
    }

    @Test
    void aListenerOnAnotherAddressFamilyIsNoContest() {
        Plan plan = World.wanting(ServiceSpec.guarding(8000))
                .listens("::1", 8000, false, BOBS)
                .plan();
        assertThat(kinds(plan)).containsExactly("AssignPort");
    }

    @Test
    void aPortThatBerthWouldNotChooseIsGivenWithAWarning() {
        for (int port : new int[] {80, 5432, 6000}) {
            Plan plan = World.wanting(ServiceSpec.guarding(port)).plan();
            assertThat(only(plan, AssignPort.class).reason()).contains("Berth would not have chosen it");
        }
    }

    @Test
    void whatWasNotLookedAtIsNotFree() {
        World world = World.wanting(ServiceSpec.guarding(8000));
        world.completeness = new Completeness(Set.of(Protocol.UDP), List.of("netlink was refused"));
        Plan plan = world.plan();
        assertThat(kinds(plan)).containsExactly("Wait");
        assertThat(condition(plan, Condition.PORT_ASSIGNED).status()).isEqualTo(Status.UNKNOWN);
        assertThat(condition(plan, Condition.PORT_ASSIGNED).message()).contains("netlink was refused");
        assertThat(plan.requeueAfter()).isPresent();
    }

    @Test
    void aHolderThatIsStillSearchedIsWaitedForButNotForEver() {
        World world = World.wanting(ServiceSpec.guarding(8000, 8001)).unseen(8000, "not looked yet", true);
        Plan plan = world.plan();
        assertThat(kinds(plan)).containsExactly("Wait");
        assertThat(plan.requeueAfter().orElseThrow()).isLessThanOrEqualTo(Duration.ofMillis(250));
        Carried.out(world, plan);
        world.now = world.now.plus(PortJudge.LONGEST_SEARCH);
        assertThat(only(world.plan(), OpenConflict.class).holder().kind()).isEqualTo(HolderKind.UNKNOWN);
        assertThat(only(world.plan(), AssignPort.class).port()).isEqualTo(PortKey.tcp(8001));
    }

    @Test
    void anOwnProcessIsAdoptedWithoutAConflict() {
        World world = World.wanting(
                        wants(8000).processPatterns(List.of("server\\.js")).build())
                .listens(8000, NODE);
        Plan plan = world.plan();
        assertThat(kinds(plan)).containsExactly("AdoptProcess", "AssignPort");
        assertThat(only(plan, AdoptProcess.class).assumed()).isFalse();
        assertThat(plan.state()).isEqualTo(ServiceState.RUNNING);
        assertThat(condition(plan, Condition.READY).reason()).isEqualTo("HolderAdopted");
        Carried.out(world, plan);
        assertThat(world.plan().actions()).isEmpty();
    }

    @Test
    void theMarkerMakesAProcessItsOwn() {
        Plan plan = World.wanting(ServiceSpec.guarding(8000))
                .listens(8000, World.marked(NODE, "default/backend"))
                .plan();
        assertThat(kinds(plan)).containsExactly("AdoptProcess", "AssignPort");
    }

    @Test
    void anotherUsersProcessIsNeverAdopted() {
        for (ProcessFacts bobs : List.of(BOBS, World.marked(BOBS, "default/backend"))) {
            Plan plan = World.wanting(
                            wants(8000).processPatterns(List.of("server\\.js")).build())
                    .listens(8000, bobs)
                    .plan();
            assertThat(kinds(plan)).containsExactly("OpenConflict", "AssignPort", "CloseConflict");
        }
    }

    @Test
    void theTopmostOfSeveralHoldersIsAdopted() {
        ProcessFacts master = process(90, ANN, "nginx: master");
        ProcessFacts worker = World.below(process(80, ANN, "nginx: worker"), master);
        Plan plan = World.wanting(wants(8000).processPatterns(List.of("nginx")).build())
                .listens(8000, worker, master)
                .plan();
        assertThat(only(plan, AdoptProcess.class).process()).isEqualTo(master.ref());
    }

    @Test
    void aChildOfTheRecordedProcessIsItsOwn() {
        ProcessFacts npm = process(90, ANN, "npm run dev");
        World world = World.wanting(
                        wants(8000).command(new Command.Shell("npm run dev")).build())
                .at(8000, npm)
                .listens(8000, World.below(NODE, npm));
        assertThat(world.plan().actions()).isEmpty();
        assertThat(world.plan().state()).isEqualTo(ServiceState.RUNNING);
    }

    @Test
    void onAPortThatItHasAProcessOfTheSameUserIsTakenForTheService() {
        World world = World.wanting(ServiceSpec.guarding(8000)).at(8000).listens(8000, NODE);
        Plan plan = world.plan();
        assertThat(kinds(plan)).containsExactly("AdoptProcess");
        assertThat(only(plan, AdoptProcess.class).assumed()).isTrue();
        assertThat(condition(plan, Condition.READY).reason()).isEqualTo("HolderAssumed");
    }

    @Test
    void butNotOneThatWasEndedThereBefore() {
        World world = World.wanting(ServiceSpec.guarding(8000)).at(8000).listens(8000, NODE);
        world.history.add(new PastEviction(PortKey.tcp(8000), NODE.command(), World.NOW, Optional.empty()));
        assertThat(kinds(world.plan())).contains("OpenConflict").doesNotContain("AdoptProcess");
    }

    @Test
    void norBerthNorAnotherServicesProcess() {
        ProcessFacts self = new ProcessFacts(
                World.BERTH,
                ANN,
                "java",
                NODE.commandLine(),
                NODE.executable(),
                NODE.workingDirectory(),
                NODE.startedAt(),
                1,
                1,
                NODE.ancestors(),
                false,
                Optional.empty(),
                NODE.origin());
        assertThat(kinds(World.wanting(ServiceSpec.guarding(8000))
                        .at(8000)
                        .listens(8000, self)
                        .plan()))
                .doesNotContain("AdoptProcess");
        Service other = seated(service("other", ServiceSpec.guarding(9000), ANN, 0), 9000, Optional.of(NODE.ref()));
        Plan plan = World.wanting(ServiceSpec.guarding(8000))
                .at(8000)
                .other(other)
                .listens(8000, NODE)
                .plan();
        assertThat(only(plan, OpenConflict.class).holder().kind()).isEqualTo(HolderKind.MANAGED);
        assertThat(only(plan, OpenConflict.class).holder().service()).contains(other.key());
    }

    @Test
    void aHolderThatLeftIsForgotten() {
        World world = World.wanting(ServiceSpec.guarding(8000)).at(8000, NODE);
        assertThat(only(world.plan(), ForgetProcess.class).process()).isEqualTo(NODE.ref());
    }

    @Test
    void twoDeclarationsAreSettledByAge() {
        Service older = service("older", wants(8000).strategy("aggressive").build(), ANN, 10);
        World younger = World.wanting(wants(8000)
                        .alternativePorts(List.of(8001))
                        .strategy("aggressive")
                        .build())
                .other(older);
        Plan plan = younger.plan();
        assertThat(kinds(plan)).containsExactly("OpenConflict", "AssignPort", "CloseConflict");
        assertThat(only(plan, OpenConflict.class).holder().service()).contains(older.key());
        assertThat(only(plan, OpenConflict.class).reason())
                .contains("default/older")
                .contains(older.metadata().creationTimestamp().toString());
        assertThat(only(plan, AssignPort.class).port()).isEqualTo(PortKey.tcp(8001));
        assertThat(kinds(new World(older).other(younger.service).plan())).containsExactly("AssignPort");
    }

    @Test
    void anOlderDeclarationThatMovedAwayKeepsItsClaimAndAStoppedOneDoesNot() {
        Service older = seated(service("older", ServiceSpec.guarding(8000), ANN, 10), 8005, Optional.empty());
        World world = World.wanting(ServiceSpec.guarding(8000, 8001)).other(older);
        assertThat(only(world.plan(), AssignPort.class).port()).isEqualTo(PortKey.tcp(8001));
        world.others.set(0, service("older", wants(8000).running(false).build(), ANN, 10));
        assertThat(only(world.plan(), AssignPort.class).port()).isEqualTo(PortKey.tcp(8000));
    }

    @Test
    void ofTwoThatHaveOnePortTheYoungerLeaves() {
        Service older = seated(service("older", ServiceSpec.guarding(8000), ANN, 10), 8000, Optional.empty());
        World younger = World.wanting(ServiceSpec.guarding(8000, 8001)).at(8000).other(older);
        Plan plan = younger.plan();
        assertThat(kinds(plan)).containsExactly("ReleasePort", "OpenConflict", "AssignPort", "CloseConflict");
        assertThat(only(plan, AssignPort.class).port()).isEqualTo(PortKey.tcp(8001));
        assertThat(new World(older).other(younger.service).plan().actions()).isEmpty();
    }

    @Test
    void whatMayBeTakenByAnOutgoingConnectionIsUsedWhereAskedForAndToldOf() {
        Policy policy = Policies.with(each -> each.ephemeral = Optional.of(new PortRange(32768, 60999)));
        for (ServiceSpec spec : List.of(
                ServiceSpec.guarding(40000),
                ServiceSpec.builder().portRange(new PortRange(40000, 40001)).build())) {
            AssignPort assign = only(World.wanting(spec).policy(policy).plan(), AssignPort.class);
            assertThat(assign.port()).isEqualTo(PortKey.tcp(40000));
            assertThat(assign.reason()).contains("32768-60999", "outgoing connections", "ip_local_reserved_ports");
        }
        assertThat(only(World.wanting(ServiceSpec.guarding(8000)).policy(policy).plan(), AssignPort.class)
                        .reason())
                .doesNotContain("outgoing");
    }

    @Test
    void aReservationForSomebodyElseIsRespectedUntilItEnds() {
        World world = World.wanting(ServiceSpec.guarding(8000, 8001)).reserved(8000, "someone");
        assertThat(only(world.plan(), OpenConflict.class).holder().description())
                .contains("reservation for someone");
        assertThat(only(world.plan(), AssignPort.class).port()).isEqualTo(PortKey.tcp(8001));
        world.reservations.clear();
        world.reserved(8000, "backend");
        assertThat(only(world.plan(), AssignPort.class).port()).isEqualTo(PortKey.tcp(8000));
    }

    @Test
    void aBlockedPortIsContestedByTheKernel() {
        Plan plan = World.wanting(wants(8000).strategy("aggressive").build())
                .blocked(8000, Blockage.Cause.TIME_WAIT)
                .plan();
        assertThat(only(plan, OpenConflict.class).holder().kind()).isEqualTo(HolderKind.KERNEL);
        assertThat(only(plan, OpenConflict.class).decision()).isEqualTo(DecisionKind.MIGRATE);
    }

    @Test
    void anAddressThatIsNotHereIsNotSolvedByMoving() {
        Plan plan = World.wanting(ServiceSpec.guarding(8000, 8001))
                .blocked(8000, Blockage.Cause.ADDRESS_NOT_HERE)
                .plan();
        assertThat(kinds(plan)).containsExactly("OpenConflict", "Report");
        assertThat(plan.state()).isEqualTo(ServiceState.BLOCKED);
    }

    @Test
    void aRangeThatIsUsedUpBlocksAndTells() {
        Plan plan = World.wanting(ServiceSpec.builder()
                        .portRange(new PortRange(9000, 9001))
                        .build())
                .listens(9000, NODE)
                .reserved(9001, "someone")
                .plan();
        assertThat(kinds(plan)).containsExactly("Report");
        assertThat(only(plan, Report.class).reason())
                .contains("9000 is held by node")
                .contains("9001 is reserved");
        assertThat(plan.state()).isEqualTo(ServiceState.BLOCKED);
    }

    @Test
    void movingIsLoud() {
        Plan plan = World.wanting(ServiceSpec.guarding(8000, 8001))
                .listens(8000, BOBS)
                .plan();
        assertThat(condition(plan, Condition.PORT_ASSIGNED).message())
                .isEqualTo(only(plan, AssignPort.class).reason())
                .contains("from port 8000 to 8001", "node server.js", "pid 4343", "bob", "another user's")
                .contains("goes home to 8000 when 8000 has been free for 30 s");
        assertThat(condition(plan, Condition.HOME_FREE).status()).isEqualTo(Status.FALSE);
    }

    private static World moved(ReturnHome returnHome) {
        World world = World.wanting(wants(8000)
                        .alternativePorts(List.of(8001))
                        .returnHome(returnHome)
                        .build())
                .listens(8000, BOBS);
        Carried.out(world, world.plan());
        assertThat(world.plan().actions()).isEmpty();
        return world.nobodyListens(8000);
    }

    @Test
    void goesHomeWhenHomeHasBeenFreeForAWhile() {
        World world = moved(ReturnHome.ON_RESTART);
        Plan free = world.plan();
        assertThat(free.actions()).isEmpty();
        assertThat(condition(free, Condition.HOME_FREE).status()).isEqualTo(Status.TRUE);
        assertThat(free.requeueAfter()).contains(Duration.ofSeconds(30));
        Carried.out(world, free);
        world.now = world.now.plusSeconds(29);
        assertThat(world.plan().requeueAfter()).contains(Duration.ofSeconds(1));
        world.now = world.now.plusSeconds(1);
        Plan home = world.plan();
        assertThat(only(home, AssignPort.class).port()).isEqualTo(PortKey.tcp(8000));
        assertThat(only(home, AssignPort.class).how()).isEqualTo(Assignment.WENT_HOME);
        assertThat(home.conditions()).noneMatch(each -> each.type().equals(Condition.HOME_FREE));
        Carried.out(world, home);
        assertThat(world.plan().actions()).isEmpty();
    }

    @Test
    void aHomeThatIsTakenAgainBeginsAnew() {
        World world = moved(ReturnHome.ON_RESTART);
        Carried.out(world, world.plan());
        world.now = world.now.plusSeconds(29);
        world.listens(8000, BOBS);
        Plan taken = world.plan();
        assertThat(taken.actions())
                .as("a holder that stayed behind is no new conflict")
                .isEmpty();
        Carried.out(world, taken);
        world.nobodyListens(8000).now = world.now.plusSeconds(10);
        assertThat(world.plan().requeueAfter()).contains(Duration.ofSeconds(30));
    }

    @Test
    void neitherARunningServiceGoesHomeByItselfNorOneThatNeverReturns() {
        World running = moved(ReturnHome.WHEN_FREE).listens(8001, NODE);
        World never = moved(ReturnHome.NEVER);
        for (World world : List.of(running, never)) {
            Carried.out(world, world.plan());
            world.now = world.now.plusSeconds(3600);
            assertThat(kinds(world.plan())).doesNotContain("AssignPort");
        }
    }

    @Test
    void itsOwnProcessAtHomeTakesItThere() {
        World world = World.wanting(wants(8000)
                        .alternativePorts(List.of(8001))
                        .processPatterns(List.of("server\\.js"))
                        .build())
                .at(8001)
                .listens(8000, NODE);
        Plan plan = world.plan();
        assertThat(kinds(plan)).containsExactly("AdoptProcess", "AssignPort");
        assertThat(only(plan, AssignPort.class).port()).isEqualTo(PortKey.tcp(8000));
    }

    @Test
    void aChangedPreferenceIsFollowedUnlessItWouldOnlyMoveAgain() {
        World free = World.wanting(ServiceSpec.guarding(8000)).at(8000).spec(ServiceSpec.guarding(9000, 8000));
        free.service =
                new Service(free.service.metadata().withGeneration(2), free.service.spec(), free.service.status());
        assertThat(only(free.plan(), AssignPort.class).port()).isEqualTo(PortKey.tcp(9000));
        assertThat(only(free.plan(), AssignPort.class).reason()).contains("from port 8000 to 9000");
        World held = free.listens(9000, BOBS);
        assertThat(held.plan().actions()).isEmpty();
        held.spec(ServiceSpec.guarding(9000, 9001));
        held.policy(Policies.with(each -> each.range = new PortRange(9000, 9010)));
        assertThat(only(held.plan(), AssignPort.class).port())
                .as("8000 is no candidate any more")
                .isEqualTo(PortKey.tcp(9001));
    }

    @Test
    void whyItHasItsPortIsNotToldByWhatItPreferredBefore() {
        World world = World.wanting(ServiceSpec.guarding(8000, 9000)).listens(9000, BOBS);
        Carried.out(world, world.plan());
        world.redeclared(ServiceSpec.guarding(9000, 8000));
        Carried.out(world, world.plan());
        assertThat(condition(world.plan(), Condition.PORT_ASSIGNED))
                .extracting(Condition::reason, Condition::message)
                .containsExactly("Alternative", "it keeps port 8000, which it had when it was declared to prefer 9000");
        world.redeclared(ServiceSpec.guarding(8000, 9000));
        assertThat(condition(world.plan(), Condition.PORT_ASSIGNED))
                .extracting(Condition::reason, Condition::message)
                .containsExactly("Preferred", "port 8000, which it had, is the one that it prefers now");
    }

    @Test
    void aPortThatADeletedServiceStillHasIsWaitedForButNotForEver() {
        Service leaving = seated(service("leaving", ServiceSpec.guarding(8000), ANN, 10), 8000, Optional.empty());
        leaving = new Service(leaving.metadata().withDeletionTimestamp(World.NOW), leaving.spec(), leaving.status());
        World world = World.wanting(ServiceSpec.guarding(8000, 8001)).other(leaving);
        World moved = World.wanting(ServiceSpec.guarding(8000, 8001)).at(8001).other(leaving);
        moved.redeclared(moved.service.spec());

        assertThat(kinds(world.plan())).containsExactly("Wait");
        assertThat(world.plan().requeueAfter()).isPresent();
        assertThat(condition(moved.plan(), Condition.HOME_FREE).status())
                .as("looked at again, so that it goes there at once")
                .isEqualTo(Status.UNKNOWN);

        world.now = world.now.plus(leaving.spec().gracePeriod()).plusSeconds(5);
        assertThat(only(world.plan(), AssignPort.class).port()).isEqualTo(PortKey.tcp(8001));
    }

    @Test
    void whatIsNotWantedGivesBackItsPortAndItsConflicts() {
        World world =
                World.wanting(wants(8000).running(false).build()).at(8000, NODE).listens(8000, NODE);
        Carried.open(world, PortKey.tcp(8000), DecisionKind.REPORT, false, BOBS);
        Plan plan = world.plan();
        assertThat(only(plan, ReleasePort.class).port()).isEqualTo(PortKey.tcp(8000));
        assertThat(only(plan, CloseConflict.class).succeeded()).isFalse();
        assertThat(plan.state()).isEqualTo(ServiceState.STOPPED);
        Carried.out(world, plan);
        assertThat(world.plan().actions()).isEmpty();
    }

    @Test
    void anIncompleteLookTakesNothingAway() {
        World world = World.wanting(ServiceSpec.guarding(8000)).at(8000, NODE);
        world.completeness = new Completeness(Set.of(), List.of("denied"));
        Plan plan = world.plan();
        assertThat(plan.actions()).noneMatch(action -> !(action instanceof Wait));
        assertThat(condition(plan, Condition.READY).status()).isEqualTo(Status.UNKNOWN);
        assertThat(condition(plan, Condition.PORT_ASSIGNED).status()).isEqualTo(Status.TRUE);
    }
}
