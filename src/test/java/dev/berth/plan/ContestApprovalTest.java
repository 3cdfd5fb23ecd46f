package dev.berth.plan;

import static dev.berth.plan.ContestTest.NODE;
import static dev.berth.plan.ContestTest.PORT;
import static dev.berth.plan.ContestTest.contest;
import static dev.berth.plan.Plans.condition;
import static dev.berth.plan.Plans.kinds;
import static dev.berth.plan.Plans.only;
import static dev.berth.plan.World.ANN;
import static dev.berth.plan.World.process;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Condition;
import dev.berth.model.Conflict;
import dev.berth.model.DecisionKind;
import dev.berth.plan.Action.OpenConflict;
import dev.berth.plan.Action.RedecideConflict;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Contests that are settled once somebody has approved of it. */
class ContestApprovalTest {
    @Test
    void confirmationIsWaitedForAndThenActedOn() {
        World world = contest("aggressive", NODE).policy(Policies.with(each -> each.confirm = Set.of("terminate")));
        Plan plan = world.plan();
        assertThat(kinds(plan)).containsExactly("OpenConflict", "Wait");
        assertThat(only(plan, OpenConflict.class).needsApproval()).isTrue();
        assertThat(condition(plan, Condition.WAITING).reason()).isEqualTo("AwaitingApproval");
        Carried.out(world, plan);
        assertThat(kinds(world.plan())).containsExactly("Wait");
        approve(world);
        assertThat(kinds(world.plan())).containsExactly("EvictHolders");
    }

    @Test
    void anApprovalIsForTheProcessThatWasShown() {
        World world = contest("aggressive", NODE).policy(Policies.with(each -> each.confirm = Set.of("terminate")));
        Carried.out(world, world.plan());
        approve(world);
        world.nobodyListens(8000).listens(8000, process(5000, ANN, "node server.js"));
        Plan plan = world.plan();
        assertThat(kinds(plan)).containsExactly("RedecideConflict", "Wait");
        RedecideConflict again = only(plan, RedecideConflict.class);
        assertThat(again.lapse()).isEqualTo(Approval.Lapse.VOID);
        assertThat(again.needsApproval()).isTrue();
        assertThat(again.holder().process().orElseThrow().pid()).isEqualTo(5000);
        Carried.out(world, plan);
        assertThat(kinds(world.plan())).containsExactly("Wait");
    }

    @Test
    void nobodysApprovalIsNoneWhenConfirmationIsWantedLater() {
        World world = contest("aggressive", NODE);
        Carried.open(world, PORT, DecisionKind.TERMINATE, false, NODE);
        assertThat(kinds(world.plan())).containsExactly("EvictHolders");
        world.policy(Policies.with(each -> each.confirm = Set.of("terminate")));
        assertThat(kinds(world.plan())).containsExactly("RedecideConflict", "Wait");
    }

    @Test
    void whatNobodyApprovesInTimeIsDoneTheSafeWay() {
        Duration ttl = Duration.ofMinutes(5);
        World world = contest("aggressive", NODE)
                .policy(Policies.with(each -> each.confirm = Set.of("terminate"))
                        .waitingForApproval(ttl));
        Carried.out(world, world.plan());
        assertThat(world.plan().requeueAfter().orElseThrow()).isLessThanOrEqualTo(ttl);
        world.now = World.NOW.plus(ttl);
        Plan late = world.plan();
        assertThat(kinds(late)).containsExactly("RedecideConflict", "AssignPort", "CloseConflict");
        assertThat(only(late, RedecideConflict.class).lapse()).isEqualTo(Approval.Lapse.EXPIRED);
        assertThat(only(late, RedecideConflict.class).reason()).contains("nobody approved to terminate within 5 min");

        world.policy(Policies.with(each -> each.confirm = Set.of("terminate", "migrate"))
                .waitingForApproval(ttl));
        Plan nowhere = world.plan();
        assertThat(kinds(nowhere)).containsExactly("RedecideConflict", "Report");
        world.conflicts.replaceAll(conflict -> Carried.noted(conflict, Approval.EXPIRED));
        Carried.out(world, nowhere);
        assertThat(kinds(world.plan())).containsExactly("Report");
    }

    private static void approve(World world) {
        world.conflicts.replaceAll(conflict -> Carried.noted(conflict, Approval.GIVEN)
                .decided(conflict.decision(), conflict.reason(), Conflict.State.RESOLVING));
    }
}
