package dev.berth.plan;

import static dev.berth.plan.Plans.condition;
import static dev.berth.plan.Plans.kinds;
import static dev.berth.plan.Plans.only;
import static dev.berth.plan.Plans.wants;
import static dev.berth.plan.World.ANN;
import static dev.berth.plan.World.BOB;
import static dev.berth.plan.World.process;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ReturnHome;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.plan.Action.AssignPort;
import dev.berth.plan.Action.Assignment;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Moving away from the preferred port, and back to it. */
class HomingTest {
    private static final ProcessFacts NODE = process(4242, ANN, "node server.js");
    private static final ProcessFacts BOBS = process(4343, BOB, "node server.js");

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
}
