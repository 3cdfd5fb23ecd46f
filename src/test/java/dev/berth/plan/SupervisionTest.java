package dev.berth.plan;

import static dev.berth.plan.Plans.condition;
import static dev.berth.plan.Plans.kinds;
import static dev.berth.plan.Plans.only;
import static dev.berth.plan.World.ANN;
import static dev.berth.plan.World.process;
import static dev.berth.plan.World.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Actor;
import dev.berth.model.Command;
import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.Dependency;
import dev.berth.model.Exit;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.HealthReading;
import dev.berth.model.Launch;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.RestartRequest;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import dev.berth.model.Stop;
import dev.berth.model.User;
import dev.berth.plan.Action.RecordExit;
import dev.berth.plan.Action.StartProcess;
import dev.berth.plan.Action.StopProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** When a service's program is started, ended and tried again, and how it is said to be. */
class SupervisionTest {
    private static final ProcessFacts STRANGER = process(4343, ANN, "python3 -m http.server");
    private static final Command COMMAND = new Command.Shell("node server.js");

    static ServiceSpec.Builder runs(int port) {
        return ServiceSpec.builder().port(port).command(COMMAND);
    }

    /** A service whose program has just been started. */
    private static World started(ServiceSpec spec) {
        World world = World.wanting(spec).at(8000);
        Carried.out(world, world.plan());
        assertThat(world.service.status().process()).isPresent();
        return world;
    }

    /** ... and listens on its port. */
    static World running(ServiceSpec spec) {
        World world = started(spec);
        world.listens(8000, own(world));
        Carried.out(world, world.plan());
        return world;
    }

    private static ProcessFacts own(World world) {
        ProcessRef ref = world.service.status().process().orElseThrow();
        ProcessFacts shape = process(ref.pid(), ANN, "node server.js");
        return new ProcessFacts(
                ref,
                shape.user(),
                shape.comm(),
                shape.commandLine(),
                shape.executable(),
                shape.workingDirectory(),
                shape.startedAt(),
                ref.pid(),
                ref.pid(),
                shape.ancestors(),
                false,
                Optional.empty(),
                shape.origin());
    }

    static World ended(World world, Exit exit) {
        world.ended.add(world.service.status().process().orElseThrow());
        world.exit = exit;
        world.nobodyListens(8000);
        return world;
    }

    static Exit failed(Instant at) {
        return new Exit(at, OptionalInt.of(1), OptionalInt.empty(), Optional.empty(), List.of("boom"));
    }

    static void later(World world, Duration time) {
        world.now = world.now.plus(time);
    }

    @Test
    void aPortAndAStartComeInOnePlan() {
        Plan plan = World.wanting(runs(8000).build()).plan();
        assertThat(kinds(plan)).containsExactly("AssignPort", "StartProcess");
        assertThat(plan.state()).isEqualTo(ServiceState.STARTING);
        assertThat(only(plan, StartProcess.class).port().port()).isEqualTo(8000);
    }

    @Test
    void readyIsWhoeverListensOnItsPortAndIsItsOwn() {
        World world = started(runs(8000).build());
        assertThat(condition(world.plan(), Condition.READY).status()).isEqualTo(Status.FALSE);
        world.listens(8000, own(world));
        Plan plan = world.plan();
        assertThat(plan.state()).isEqualTo(ServiceState.RUNNING);
        assertThat(condition(plan, Condition.READY).reason()).isEqualTo("Listening");
    }

    @Test
    void aSquattersAnswerNeverMakesItReady() {
        World world = started(runs(8000)
                .strategy("conservative")
                .healthCheck(HealthCheckSpec.http("http://localhost:8000/"))
                .build());
        world.health = reading(HealthReading.Verdict.PASSING);
        world.listens(8000, STRANGER);
        assertThat(condition(world.plan(), Condition.READY).status()).isEqualTo(Status.FALSE);
    }

    private static Optional<HealthReading> reading(HealthReading.Verdict verdict) {
        return Optional.of(new HealthReading(verdict, "200", Duration.ofMillis(3), World.NOW, 1));
    }

    @Test
    void withAHealthCheckListeningIsNotEnough() {
        World world = started(runs(8000)
                .healthCheck(HealthCheckSpec.http("http://localhost:8000/"))
                .build());
        world.listens(8000, own(world));
        assertThat(world.plan().state()).isEqualTo(ServiceState.STARTING);
        world.health = reading(HealthReading.Verdict.PASSING);
        Plan passing = world.plan();
        assertThat(passing.state()).isEqualTo(ServiceState.RUNNING);
        assertThat(condition(passing, Condition.READY).reason()).isEqualTo("HealthCheckPassed");
        Carried.out(world, passing);
        world.health = reading(HealthReading.Verdict.FAILING);
        assertThat(world.plan().state()).isEqualTo(ServiceState.DEGRADED);
    }

    @Test
    void theFirstRestartComesAtOnceAndFurtherOnesWait() {
        World world = ended(running(runs(8000).build()), failed(World.NOW));
        later(world, Duration.ofSeconds(1));
        Plan first = world.plan();
        assertThat(kinds(first)).containsExactly("RecordExit", "StartProcess");
        assertThat(only(first, RecordExit.class).after().failures()).isEqualTo(1);
        Carried.out(world, first);

        later(world, Duration.ofSeconds(1));
        Plan second = ended(world, failed(world.now)).plan();
        assertThat(kinds(second)).containsExactly("RecordExit", "Wait");
        assertThat(condition(second, Condition.STARTED).reason()).isEqualTo("BackOff");
        Carried.out(world, second);
        later(world, second.requeueAfter().orElseThrow());
        assertThat(kinds(world.plan())).containsExactly("StartProcess");
    }

    @Test
    void afterMaxRestartsItStaysDownUntilItIsDeclaredAnew() {
        World world = ended(running(runs(8000).maxRestarts(0).build()), failed(World.NOW));
        Carried.out(world, world.plan());
        Plan plan = world.plan();
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.state()).isEqualTo(ServiceState.FAILED);
        assertThat(condition(plan, Condition.STARTED).message()).contains("maxRestarts", "boom");
        Carried.out(world, plan);
        world.spec(runs(8000).maxRestarts(1).build());
        world.service =
                new Service(world.service.metadata().withGeneration(2), world.service.spec(), world.service.status());
        assertThat(kinds(world.plan())).containsExactly("StartProcess");
    }

    @Test
    void aMinuteOfReadyMakesFailuresForgotten() {
        World world = running(runs(8000).build());
        Run run = world.service.status().runOrNone();
        world.service = world.service.withStatus(world.service
                .status()
                .with(
                        run.failed(2, Optional.empty(), Optional.empty(), 1),
                        world.service.status().process()));
        assertThat(kinds(world.plan())).isEmpty();
        later(world, Restarts.FORGIVEN_AFTER);
        assertThat(kinds(world.plan())).containsExactly("ForgetFailures");
        Plan exit = ended(world, failed(world.now)).plan();
        assertThat(only(exit, RecordExit.class).after().failures()).isEqualTo(1);
    }

    @Test
    void aTakenPortIsNoFailure() {
        World world = started(runs(8000).maxRestarts(0).build());
        ended(world, failed(World.NOW)).portTaken = true;
        world.listens(8000, STRANGER);
        RecordExit taken = only(world.plan(), RecordExit.class);
        assertThat(taken.blame()).isEqualTo(RecordExit.Blame.PORT_TAKEN);
        assertThat(taken.after().gaveUp()).isEmpty();
        world.nobodyListens(8000);
        assertThat(only(world.plan(), RecordExit.class).after().gaveUp())
                .as("it says so, but nobody is there: it would go on for ever")
                .isPresent();
    }

    @Test
    void aPortThatItHasLeftWasTakenTooWhenItFoundItSo() {
        World moved = started(runs(8000).maxRestarts(0).build());
        ServiceStatus before = moved.service.status();
        moved.at(9000, own(moved));
        moved.service = moved.service.withStatus(moved.service.status().with(before.runOrNone(), before.process()));
        ended(moved, failed(World.NOW));
        assertThat(only(moved.plan(), RecordExit.class).after().gaveUp())
                .as("it did not say that its port was why")
                .isPresent();
        moved.portTaken = true;
        RecordExit exit = only(moved.plan(), RecordExit.class);
        assertThat(exit.blame()).isEqualTo(RecordExit.Blame.PORT_TAKEN);
        assertThat(exit.after().gaveUp()).isEmpty();
    }

    @Test
    void whatEndsBeforeItIsReplacedIsNoFailureOfWhatFollows() {
        World anew = started(runs(8000).maxRestarts(0).autoRestart(false).build())
                .redeclared(runs(8000)
                        .maxRestarts(0)
                        .autoRestart(false)
                        .command(new Command.Shell("node mended.js"))
                        .build());
        Plan plan = ended(anew, failed(World.NOW)).plan();
        RecordExit exit = only(plan, RecordExit.class);
        assertThat(exit.blame()).isEqualTo(RecordExit.Blame.REPLACED);
        assertThat(exit.after().gaveUp()).isEmpty();
        assertThat(exit.after().failures()).isZero();
        assertThat(kinds(plan)).contains("StartProcess");
    }

    @Test
    void anInstallThatWasDeclaredAnewSaysNothingOfTheNewOne() {
        ServiceSpec.Builder spec = runs(8000).install(new Command.Shell("npm ci"));
        World world = World.wanting(spec.build()).at(8000);
        world.installInputs = Optional.of("lock-1");
        Carried.out(world, world.plan());
        Plan failed = ended(world, failed(World.NOW)).plan();
        assertThat(only(failed, RecordExit.class).after().gaveUp()).isPresent();

        world.redeclared(spec.install(new Command.Shell("npm install")).build());
        Plan anew = world.plan();
        assertThat(only(anew, RecordExit.class).after().gaveUp()).isEmpty();
        assertThat(only(anew, StartProcess.class).step()).isEqualTo(Launch.Step.INSTALL);
    }

    @Test
    void failuresOfAnEarlierDeclarationAreNoneOfThisOne() {
        World world = started(runs(8000).maxRestarts(1).build());
        Carried.out(world, ended(world, failed(World.NOW)).plan());
        assertThat(world.service.status().restarts()).isEqualTo(1);
        world.redeclared(runs(8000)
                .maxRestarts(1)
                .healthCheck(HealthCheckSpec.http("http://localhost:8000/"))
                .build());
        Run after =
                only(ended(world, failed(World.NOW)).plan(), RecordExit.class).after();
        assertThat(after.gaveUp()).isEmpty();
        assertThat(after.failures()).isEqualTo(1);
    }

    @Test
    void nothingIsStoppedOfWhatHasEndedWhenItsCommandIsGone() {
        World world = started(runs(8000).build())
                .redeclared(ServiceSpec.builder().port(8000).build());
        assertThat(kinds(ended(world, failed(World.NOW)).plan()))
                .contains("RecordExit")
                .doesNotContain("StopProcess");
    }

    @Test
    void withoutAutoRestartAnEndIsAnEnd() {
        World failed = ended(running(runs(8000).autoRestart(false).build()), failed(World.NOW));
        Carried.out(failed, failed.plan());
        assertThat(failed.plan().state()).isEqualTo(ServiceState.FAILED);
        World done = ended(
                running(runs(8000).autoRestart(false).build()),
                new Exit(World.NOW, OptionalInt.of(0), OptionalInt.empty(), Optional.empty(), List.of()));
        Carried.out(done, done.plan());
        assertThat(done.plan().state()).isEqualTo(ServiceState.STOPPED);
    }

    @Test
    void anotherCommandRestartsItAndAnotherLabelDoesNot() {
        World world = running(runs(8000).build());
        assertThat(world.plan().actions()).isEmpty();
        world.spec(world.service.spec().toBuilder()
                .alternativePorts(List.of(8005))
                .gracePeriod(Duration.ofSeconds(1))
                .build());
        assertThat(kinds(world.plan())).isEmpty();
        world.spec(world.service.spec().toBuilder()
                .command(new Command.Shell("node other.js"))
                .build());
        StopProcess stop = only(world.plan(), StopProcess.class);
        assertThat(stop.then()).isEqualTo(Stop.Then.START);
        assertThat(stop.reason()).contains("declared anew");
    }

    @Test
    void anAskedRestartIsBegunOnce() {
        World world = running(runs(8000).build());
        Run run = world.service.status().runOrNone();
        RestartRequest request = new RestartRequest("key", Actor.user(ANN), true, World.NOW);
        world.service = world.service.withStatus(world.service
                .status()
                .with(run.asked(request), world.service.status().process()));
        Plan plan = world.plan();
        assertThat(only(plan, StopProcess.class).force()).isTrue();
        world.nobodyListens(8000);
        Carried.out(world, plan);
        assertThat(kinds(world.plan())).containsExactly("StartProcess");
    }

    @Test
    void oneThatShouldNotRunIsEndedBeforeItsPortIsGivenBack() {
        World world = running(runs(8000).build());
        world.spec(world.service.spec().toBuilder().running(false).build());
        Plan plan = world.plan();
        assertThat(kinds(plan)).containsExactly("StopProcess");
        assertThat(only(plan, StopProcess.class).then()).isEqualTo(Stop.Then.STAY);
        assertThat(plan.state()).isEqualTo(ServiceState.STOPPING);
        world.nobodyListens(8000);
        Carried.out(world, plan);
        assertThat(kinds(world.plan())).containsExactly("ReleasePort");
    }

    @Test
    void whatItDependsOnComesFirst() {
        World world = World.wanting(runs(8000)
                        .dependsOn(List.of(new Dependency("database", Dependency.Until.HEALTHY)))
                        .build())
                .at(8000);
        assertThat(condition(world.plan(), Condition.WAITING).message()).contains("not declared");
        Service database = service("database", ServiceSpec.guarding(5000), ANN, 5);
        world.others.add(database);
        assertThat(kinds(world.plan())).containsExactly("Wait");
        assertThat(condition(world.plan(), Condition.WAITING).reason()).isEqualTo("WaitingForDependency");
        world.others.clear();
        world.others.add(with(database, ServiceState.FAILED, Status.FALSE));
        assertThat(world.plan().state()).isEqualTo(ServiceState.BLOCKED);
        world.others.clear();
        world.others.add(with(database, ServiceState.RUNNING, Status.TRUE));
        assertThat(kinds(world.plan())).containsExactly("StartProcess");
    }

    @Test
    void whatAnotherUsersServiceSaysIsNotRepeated() {
        World world = World.wanting(runs(8000)
                        .dependsOn(List.of(new Dependency("database", Dependency.Until.HEALTHY)))
                        .build())
                .at(8000);
        world.others.add(
                with(service("database", ServiceSpec.guarding(5000), ANN, 5), ServiceState.DEGRADED, Status.FALSE));
        assertThat(condition(world.plan(), Condition.WAITING).message()).contains("as the test says");
        world.others.clear();
        User other = User.of(ANN.uid() + 1, "other");
        world.others.add(
                with(service("database", ServiceSpec.guarding(5000), other, 5), ServiceState.DEGRADED, Status.FALSE));
        Plan plan = world.plan();
        assertThat(condition(plan, Condition.WAITING).message()).endsWith("now: Test");
        assertThat(plan.toString()).doesNotContain("as the test says");
    }

    private static Service with(Service service, ServiceState state, Status ready) {
        return service.withStatus(new ServiceStatus(
                state,
                OptionalInt.of(5000),
                Optional.empty(),
                0,
                1,
                List.of(new Condition(Condition.READY, ready, "Test", "as the test says", World.NOW))));
    }

    @Test
    void nothingStartsBeforeEveryNewServiceHasItsPort() {
        World world = World.wanting(runs(8000).build()).at(8000);
        Service young = service("young", runs(8001).build(), ANN, -3600);
        world.others.add(young);
        assertThat(kinds(world.plan())).containsExactly("Wait");
        later(world, Duration.ofMinutes(1));
        assertThat(kinds(world.plan()))
                .as("one that can't be judged holds up nobody for ever")
                .containsExactly("StartProcess");
    }

    @Test
    void whatCanNotBeStartedSaysWhyAndIsLookedAtAgain() {
        World world = World.wanting(runs(8000).build()).at(8000);
        world.obstacles.add("command not found: node");
        Plan plan = world.plan();
        assertThat(plan.state()).isEqualTo(ServiceState.FAILED);
        assertThat(condition(plan, Condition.STARTED).message()).contains("command not found");
        assertThat(condition(plan, Condition.READY).message()).contains("command not found");
        assertThat(plan.requeueAfter()).isPresent();
    }

    @Test
    void whatIsLongAboutItIsInTheConditionThatNoListOfServicesShows() {
        World world = World.wanting(runs(8000).build()).at(8000);
        world.obstacles.add("command not found: node");
        world.details.add("PATH is /usr/bin:/bin");
        Plan plan = world.plan();
        assertThat(condition(plan, Condition.STARTED).message())
                .isEqualTo("command not found: node; PATH is /usr/bin:/bin");
        assertThat(condition(plan, Condition.READY).message()).isEqualTo("command not found: node");
    }

    @Test
    void aProgramThatGoesToTheBackgroundIsFollowed() {
        World world = started(runs(8000).build());
        ProcessFacts child = process(6000, ANN, "nginx");
        world.ended.add(world.service.status().process().orElseThrow());
        world.exit = new Exit(World.NOW, OptionalInt.of(0), OptionalInt.empty(), Optional.empty(), List.of());
        world.family.add(child.ref());
        assertThat(kinds(world.plan())).containsExactly("Wait");
        world.listens(8000, child);
        assertThat(kinds(world.plan())).containsExactly("AdoptProcess");
    }

    @Test
    void whatACrashLeftBehindIsEndedBeforeTheNextStart() {
        World world = running(runs(8000).build());
        ended(world, failed(World.NOW)).family.add(new ProcessRef(6000, 1, World.BOOT));
        StopProcess stop = only(world.plan(), StopProcess.class);
        assertThat(stop.then()).isEqualTo(Stop.Then.ACCOUNT);
    }

    /** Only a program that returned by itself may have gone to the background. */
    @Test
    void whatASignalEndedHandsNothingOver() {
        World world = started(runs(8000).build());
        world.ended.add(world.service.status().process().orElseThrow());
        world.exit = new Exit(World.NOW, OptionalInt.empty(), OptionalInt.of(9), Optional.empty(), List.of());
        world.family.add(new ProcessRef(6000, 1, World.BOOT));
        assertThat(kinds(world.plan())).containsExactly("StopProcess");
    }

    @Test
    void oneThatListensElsewhereIsToldSo() {
        World world = started(runs(8000).build());
        world.listens(3000, own(world));
        later(world, Duration.ofSeconds(3));
        Plan plan = world.plan();
        assertThat(condition(plan, Condition.PORT_DRIFTED).message()).contains("8000", "3000");
        assertThat(condition(plan, Condition.READY).status()).isEqualTo(Status.FALSE);
    }

    @Test
    void whatItInstallsIsInstalledFirstAndAgainWhenItChanges() {
        World world = World.wanting(
                        runs(8000).install(new Command.Shell("npm ci")).build())
                .at(8000);
        world.installInputs = Optional.of("lock-1");
        Plan install = world.plan();
        assertThat(only(install, StartProcess.class).step()).isEqualTo(Launch.Step.INSTALL);
        Carried.out(world, install);
        assertThat(world.plan().state()).isEqualTo(ServiceState.STARTING);
        ended(world, new Exit(World.NOW, OptionalInt.of(0), OptionalInt.empty(), Optional.empty(), List.of()));
        assertThat(only(world.plan(), StartProcess.class).step()).isEqualTo(Launch.Step.SERVICE);
        world.installInputs = Optional.of("lock-2");
        assertThat(only(world.plan(), StartProcess.class).step()).isEqualTo(Launch.Step.INSTALL);
    }
}
