package dev.berth.plan;

import static dev.berth.plan.Plans.condition;
import static dev.berth.plan.Plans.kinds;
import static dev.berth.plan.Plans.only;
import static dev.berth.plan.SupervisionTest.running;
import static dev.berth.plan.SupervisionTest.runs;
import static dev.berth.plan.World.ANN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Actor;
import dev.berth.model.Command;
import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.Dependency;
import dev.berth.model.LimitReading;
import dev.berth.model.PortKey;
import dev.berth.model.RestartRequest;
import dev.berth.model.ReturnHome;
import dev.berth.model.Run;
import dev.berth.model.ServiceState;
import dev.berth.plan.Action.AssignPort;
import dev.berth.plan.Action.StopProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What runs is not ended for a start that is known to fail. */
class RestartGateTest {
    private static final String MISSING = "command not found: node";

    private static World asked(World world, boolean force) {
        Run run = world.service.status().runOrNone();
        world.service = world.service.withStatus(world.service
                .status()
                .with(
                        run.asked(new RestartRequest("key", Actor.user(ANN), force, World.NOW)),
                        world.service.status().process()));
        return world;
    }

    private static World hindered(World world) {
        world.obstacles.add(MISSING);
        return world;
    }

    @Test
    void anAskedRestartWaitsWhileTheCommandIsMissingAndComesOnceItIsThere() {
        World world = hindered(asked(running(runs(8000).build()), false));
        Plan held = world.plan();
        assertThat(kinds(held)).containsExactly("Wait");
        assertThat(held.state()).isEqualTo(ServiceState.RUNNING);
        assertThat(condition(held, Condition.READY).status()).isEqualTo(Status.TRUE);
        assertThat(condition(held, Condition.UP_TO_DATE).status()).isEqualTo(Status.FALSE);
        assertThat(condition(held, Condition.UP_TO_DATE).message())
                .isEqualTo(held.actions().get(0).reason())
                .contains("asked for a restart", MISSING, "what runs goes on");
        assertThat(held.requeueAfter()).isPresent();
        Carried.out(world, held);
        world.obstacles.clear();
        Plan mended = world.plan();
        assertThat(only(mended, StopProcess.class).reason()).contains("asked for a restart");
        assertThat(mended.conditions()).noneMatch(each -> each.type().equals(Condition.UP_TO_DATE));
    }

    @Test
    void withForceItIsRestartedAllTheSame() {
        assertThat(kinds(hindered(asked(running(runs(8000).build()), true)).plan()))
                .containsExactly("StopProcess");
    }

    @Test
    void aChangedCommandThatIsMissingEndsNothing() {
        World world = running(runs(8000).build());
        world.redeclared(world.service.spec().toBuilder()
                .command(new Command.Shell("nowhere"))
                .build());
        Plan held = hindered(world).plan();
        assertThat(kinds(held)).containsExactly("Wait");
        assertThat(condition(held, Condition.UP_TO_DATE).message()).contains("declared anew", MISSING);
        Carried.out(world, held);
        world.redeclared(runs(8000).build());
        assertThat(world.plan().conditions())
                .as("what runs is what is declared again")
                .noneMatch(each -> each.type().equals(Condition.UP_TO_DATE));
    }

    @Test
    void whatItDependsOnIsThereBeforeItIsEnded() {
        World world = running(runs(8000).build());
        world.redeclared(world.service.spec().toBuilder()
                .command(new Command.Shell("node other.js"))
                .dependsOn(List.of(new Dependency("database", Dependency.Until.STARTED)))
                .build());
        Plan held = world.plan();
        assertThat(kinds(held)).containsExactly("Wait");
        assertThat(condition(held, Condition.UP_TO_DATE).reason()).isEqualTo("DependencyFailed");
        assertThat(held.state()).isEqualTo(ServiceState.RUNNING);
    }

    @Test
    void aMoveThatNeedsARestartWaitsWithIt() {
        World world = running(runs(8000).build());
        world.redeclared(world.service.spec().toBuilder().port(9000).build());
        Plan held = hindered(world).plan();
        assertThat(kinds(held)).containsExactly("Wait");
        assertThat(condition(held, Condition.UP_TO_DATE).message()).contains("from port 8000 to 9000", MISSING);
        assertThat(condition(held, Condition.HOME_FREE).status()).isEqualTo(Status.UNKNOWN);
        Carried.out(world, held);
        world.obstacles.clear();
        Plan moved = world.plan();
        assertThat(kinds(moved)).containsExactly("AssignPort", "StopProcess");
        assertThat(only(moved, AssignPort.class).port()).isEqualTo(PortKey.tcp(9000));
    }

    private static World wantingAHeldPort() {
        World world = running(runs(8000).build()).listens(9000, World.process(4343, ANN, "python3 -m http.server"));
        world.redeclared(world.service.spec().toBuilder()
                .port(9000)
                .strategy("aggressive")
                .build());
        return world;
    }

    @Test
    void nobodyIsEndedOnAPortToWhichItCanNotMove() {
        World world = wantingAHeldPort();
        assertThat(kinds(world.plan())).contains("OpenConflict", "EvictHolders");
        assertThat(world.plan().leadsToRestart()).isTrue();
        assertThat(kinds(hindered(world).plan())).containsExactly("Wait");
    }

    @Test
    void aContestThatIsWonIsOverAlsoWhileItWaits() {
        World world = wantingAHeldPort();
        Carried.out(world, world.plan());
        world.nobodyListens(9000);
        assertThat(kinds(hindered(world).plan())).containsExactly("Wait", "CloseConflict");
    }

    @Test
    void goingHomeWaitsToo() {
        World world = running(runs(8000).build());
        world.spec(world.service.spec().toBuilder()
                .port(9000)
                .returnHome(ReturnHome.WHEN_FREE)
                .build());
        Carried.out(world, world.plan());
        world.now = world.now.plus(Duration.ofMinutes(5));
        assertThat(kinds(world.plan())).contains("AssignPort", "StopProcess");
        assertThat(kinds(hindered(world).plan())).containsExactly("Wait");
    }

    @Test
    void oneThatUsesTooMuchIsNotEndedForGoodEither() {
        World world = running(runs(8000).build());
        world.limits = Optional.of(new LimitReading(
                LimitReading.Verdict.EXCEEDED, "MemoryExceeded", "uses 812 MB, 500 MB are allowed", true));
        assertThat(kinds(world.plan())).contains("StopProcess");
        assertThat(kinds(hindered(world).plan())).containsExactly("Wait");
    }
}
