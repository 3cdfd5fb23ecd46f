package dev.berth.plan;

import static dev.berth.plan.Plans.condition;
import static dev.berth.plan.Plans.kinds;
import static dev.berth.plan.Plans.only;
import static dev.berth.plan.Plans.wants;
import static dev.berth.plan.World.ANN;
import static dev.berth.plan.World.BOB;
import static dev.berth.plan.World.process;
import static dev.berth.plan.World.seated;
import static dev.berth.plan.World.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Blockage;
import dev.berth.model.Completeness;
import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.DecisionKind;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Protocol;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.plan.Action.AssignPort;
import dev.berth.plan.Action.Assignment;
import dev.berth.plan.Action.CloseConflict;
import dev.berth.plan.Action.OpenConflict;
import dev.berth.plan.Action.ReleasePort;
import dev.berth.plan.Action.Report;
import dev.berth.plan.Action.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which port a service gets and keeps. Whose the process on it is, is {@link AdoptionTest}'s; moving, {@link HomingTest}'s; contests, {@link ContestTest}'s. */
class PlannerTest {
    private static final ProcessFacts NODE = process(4242, ANN, "node server.js");
    private static final ProcessFacts BOBS = process(4343, BOB, "node server.js");

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
        assertThat(only(world.plan(), OpenConflict.class).holder().description())
                .isEqualTo("a process not known yet: not looked yet");
        assertThat(only(world.plan(), AssignPort.class).port()).isEqualTo(PortKey.tcp(8001));
    }

    /** The time that no Berth ran is no time in which it searched. */
    @Test
    void aBerthThatWasStartedAnewSearchesAnew() {
        World world = World.wanting(ServiceSpec.guarding(8000, 8001)).unseen(8000, "not looked yet", true);
        Carried.out(world, world.plan());
        world.now = world.now.plus(PortJudge.LONGEST_SEARCH);
        world.berth = new BerthIdentity(
                world.berth.self(),
                world.berth.user(),
                world.berth.ancestors(),
                world.berth.installation(),
                world.now.minusMillis(1));

        assertThat(kinds(world.plan())).containsExactly("Wait");
        Instant since = world.berth.since();
        world.now = since.minus(Duration.ofHours(2));
        assertThat(kinds(world.plan()))
                .as("the clock was set back: what lies ahead was long ago")
                .doesNotContain("Wait");
        world.now = since.plus(PortJudge.LONGEST_SEARCH);
        assertThat(only(world.plan(), OpenConflict.class).holder().kind()).isEqualTo(HolderKind.UNKNOWN);
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
