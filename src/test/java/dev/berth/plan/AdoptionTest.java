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

import dev.berth.model.Command;
import dev.berth.model.Condition;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.plan.Action.AdoptProcess;
import dev.berth.plan.Action.ForgetProcess;
import dev.berth.plan.Action.OpenConflict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose the process on a port is: taken for the service, or not. */
class AdoptionTest {
    private static final ProcessFacts NODE = process(4242, ANN, "node server.js");
    private static final ProcessFacts BOBS = process(4343, BOB, "node server.js");

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
}
