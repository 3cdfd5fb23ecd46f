package dev.berth.plan;

import static dev.berth.plan.Plans.condition;
import static dev.berth.plan.Plans.kinds;
import static dev.berth.plan.Plans.only;
import static dev.berth.plan.SupervisionTest.later;
import static dev.berth.plan.SupervisionTest.runs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Condition;
import dev.berth.model.Condition.Status;
import dev.berth.model.LimitReading;
import dev.berth.model.LimitReading.Verdict;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import dev.berth.model.ServiceState;
import dev.berth.model.Stop;
import dev.berth.plan.Action.CountFailure;
import dev.berth.plan.Action.StopProcess;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of a service that uses more than it may, and when it is restarted for it. */
class ThresholdsTest {
    private static LimitReading reading(Verdict verdict, boolean restart) {
        return new LimitReading(verdict, "MemoryExceeded", "uses 812 MB, 500 MB are allowed", restart);
    }

    private static World running(Verdict verdict, boolean restart) {
        return with(SupervisionTest.running(runs(8000).build()), verdict, restart);
    }

    private static World with(World world, Verdict verdict, boolean restart) {
        world.limits = Optional.of(reading(verdict, restart));
        return world;
    }

    private static Optional<Condition> withinLimits(Plan plan) {
        return plan.conditions().stream()
                .filter(each -> each.type().equals(Condition.WITHIN_LIMITS))
                .findFirst();
    }

    @Test
    void withoutThresholdsNothingIsSaid() {
        World world = SupervisionTest.running(runs(8000).build());

        assertThat(withinLimits(world.plan())).isEmpty();
        Carried.out(with(world, Verdict.KEPT, false), world.plan());
        world.limits = Optional.empty();
        assertThat(withinLimits(world.plan())).isEmpty();
    }

    @Test
    void whoExceedsOneIsSaidSoAndRunsOn() {
        Plan plan = running(Verdict.EXCEEDED, false).plan();

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.state()).isEqualTo(ServiceState.RUNNING);
        Condition said = condition(plan, Condition.WITHIN_LIMITS);
        assertThat(said.status()).isEqualTo(Status.FALSE);
        assertThat(said.reason()).isEqualTo("MemoryExceeded");
        assertThat(said.message()).isEqualTo("it uses 812 MB, 500 MB are allowed");
    }

    @Test
    void whoKeepsThemIsSaidSo() {
        assertThat(condition(running(Verdict.KEPT, true).plan(), Condition.WITHIN_LIMITS)
                        .status())
                .isEqualTo(Status.TRUE);
    }

    @Test
    void afterARestartOfBerthWhatWasKnownStands() {
        World world = running(Verdict.EXCEEDED, false);
        Carried.out(world, world.plan());
        later(world, Duration.ofMinutes(1));

        Plan next = with(world, Verdict.UNDECIDED, false).plan();

        assertThat(condition(next, Condition.WITHIN_LIMITS))
                .isEqualTo(world.service
                        .status()
                        .condition(Condition.WITHIN_LIMITS)
                        .orElseThrow());
        assertThat(withinLimits(running(Verdict.UNDECIDED, false).plan())).isEmpty();
    }

    @Test
    void whereItIsAskedForItIsRestartedAndThatCounts() {
        World world = running(Verdict.EXCEEDED, true);

        Plan plan = world.plan();

        assertThat(kinds(plan)).containsExactly("CountFailure", "StopProcess");
        StopProcess stop = only(plan, StopProcess.class);
        assertThat(stop.then()).isEqualTo(Stop.Then.START);
        assertThat(stop.force()).isFalse();
        assertThat(stop.reason()).isEqualTo("it uses 812 MB, 500 MB are allowed");
        Run after = only(plan, CountFailure.class).after();
        assertThat(after.failures()).isEqualTo(1);
        assertThat(after.nextStart()).contains(world.now);
        assertThat(after.gaveUp()).isEmpty();
        assertThat(plan.state()).isEqualTo(ServiceState.STOPPING);

        Carried.out(world, plan);
        assertThat(kinds(world.nobodyListens(8000).plan())).containsExactly("StartProcess");
    }

    @Test
    void theExcessOfAnEndedProcessIsNotThatOfTheNextOne() {
        World world = running(Verdict.EXCEEDED, false);
        Carried.out(world, world.plan());
        later(world, Duration.ofSeconds(1));
        ProcessRef first = world.service.status().process().orElseThrow();
        Carried.out(
                world,
                SupervisionTest.ended(world, SupervisionTest.failed(world.now)).plan());
        ProcessRef second = world.service.status().process().orElseThrow();
        assertThat(second).isNotEqualTo(first);

        assertThat(withinLimits(with(world, Verdict.UNDECIDED, false).plan())).isEmpty();
    }

    @Test
    void whoWasRestartedAsOftenAsItMayRunsOnAndIsSaidSo() {
        World world = failedBefore(running(Verdict.EXCEEDED, true), 3);
        world.spec(runs(8000).maxRestarts(3).build());

        Plan plan = world.plan();

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.state()).isEqualTo(ServiceState.RUNNING);
        assertThat(condition(plan, Condition.WITHIN_LIMITS).message())
                .isEqualTo("it uses 812 MB, 500 MB are allowed; it runs on after 3 restarts in a row, which is all that"
                        + " maxRestarts allows");
        world.spec(runs(8000).maxRestarts(4).build());
        assertThat(only(world.plan(), CountFailure.class).after().failures()).isEqualTo(4);
    }

    /** Else a service that exceeds one again and again, a little later each time, would be restarted for ever. */
    @Test
    void failuresAreForgottenOnlyWhenItKeepsThem() {
        World world = failedBefore(running(Verdict.UNDECIDED, true), 2);
        Carried.out(world, world.plan());
        later(world, Restarts.FORGIVEN_AFTER);
        assertThat(kinds(world.plan())).isEmpty();

        with(world, Verdict.KEPT, true);
        assertThat(kinds(world.plan())).containsExactly("ForgetFailures");
        with(world, Verdict.UNDECIDED, false);
        assertThat(kinds(world.plan())).containsExactly("ForgetFailures");
    }

    @Test
    void whatIsNotRestartedAfterFailuresIsNotRestartedForThis() {
        World world = running(Verdict.EXCEEDED, true);
        world.spec(runs(8000).autoRestart(false).build());

        assertThat(kinds(world.plan())).doesNotContain("CountFailure");
    }

    @Test
    void aPersonsRestartGoesFirst() {
        World world = running(Verdict.EXCEEDED, true);
        world.spec(runs(8000).environment(Map.of("A", "1")).build());

        assertThat(only(world.plan(), StopProcess.class).reason()).contains("declared anew");
        assertThat(kinds(world.plan())).doesNotContain("CountFailure");
    }

    private static World failedBefore(World world, int failures) {
        Run run = world.service.status().runOrNone();
        world.service = world.service.withStatus(world.service
                .status()
                .with(
                        run.failed(failures, Optional.empty(), Optional.empty(), 1),
                        world.service.status().process()));
        return world;
    }
}
