package dev.berth.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.control.Applied;
import dev.berth.control.ConflictAnswer;
import dev.berth.control.Declaration;
import dev.berth.control.Declarations;
import dev.berth.control.Declared;
import dev.berth.control.FreePreview;
import dev.berth.control.Planned;
import dev.berth.control.Stack;
import dev.berth.control.Stacks;
import dev.berth.model.AuditRecord;
import dev.berth.model.Conflict;
import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.plan.Action;
import dev.berth.plan.Policy;
import dev.berth.store.StaleVersionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What people ask of Berth beside waiting for it: declarations, dry runs, decisions about conflicts. */
class RequestsTest {
    private static final Duration SOON = Duration.ofMillis(600);
    private static final Duration LATER = Duration.ofSeconds(5);

    private final Scene scene = new Scene();
    private final Declarations declarations = scene.berth.plane.declarations();
    private final Stacks stacks = scene.berth.plane.stacks();

    private static ServiceSpec wanting(String strategy, int port, Integer... alternatives) {
        return ServiceSpec.guarding(port, alternatives).toBuilder()
                .strategy(strategy)
                .build();
    }

    private Declared declare(String name, ServiceSpec spec, OptionalLong ifMatch) throws Exception {
        return declarations.declare(Declaration.of(Scene.key(name), spec), Users.caller(Users.DEV), ifMatch);
    }

    private Policy policy(boolean autoResolve, boolean stopOwners, Set<String> confirm) {
        return policy(autoResolve, true, stopOwners, confirm);
    }

    private Policy policy(boolean autoResolve, boolean allowMigration, boolean stopOwners, Set<String> confirm) {
        Policy usual = Policy.defaults();
        return new Policy(
                autoResolve,
                usual.strategy(),
                allowMigration,
                usual.preserveForeign(),
                usual.maxAlternatives(),
                usual.homeAfter(),
                stopOwners,
                usual.respawnWatch(),
                usual.reserved(),
                usual.range(),
                usual.ephemeral(),
                usual.protectedProcesses(),
                usual.protectedPorts(),
                confirm);
    }

    @Test
    void theSameWishTwiceWritesOnce() throws Exception {
        Declared first = declare("backend", ServiceSpec.guarding(8000), OptionalLong.empty());
        scene.pass(SOON);
        long writes = scene.store.appends();
        Declared second = declare("backend", ServiceSpec.guarding(8000), OptionalLong.empty());
        scene.pass(SOON);

        assertThat(first.change()).isEqualTo(Declared.Change.CREATED);
        assertThat(second.change()).isEqualTo(Declared.Change.UNCHANGED);
        assertThat(scene.store.appends()).isEqualTo(writes);
    }

    @Test
    void theGenerationGrowsWithTheSpecAndTheVersionWithEveryChange() throws Exception {
        Service first = declare("backend", ServiceSpec.guarding(8000), OptionalLong.empty())
                .service();
        Service labelled = declarations
                .declare(
                        new Declaration(
                                Scene.key("backend"), ServiceSpec.guarding(8000), Map.of("tier", "web"), Map.of()),
                        Users.caller(Users.DEV),
                        OptionalLong.empty())
                .service();
        Service moved = declare("backend", ServiceSpec.guarding(8001), OptionalLong.empty())
                .service();

        assertThat(labelled.metadata().generation()).isEqualTo(1);
        assertThat(labelled.resourceVersion()).isGreaterThan(first.resourceVersion());
        assertThat(moved.metadata().generation()).isEqualTo(2);
        assertThat(moved.status().port()).isEqualTo(OptionalInt.of(8001));
    }

    @Test
    void aStaleVersionIsRefusedAndChangesNothing() throws Exception {
        Service first = declare("backend", ServiceSpec.guarding(8000), OptionalLong.empty())
                .service();
        declare("backend", ServiceSpec.guarding(8001), OptionalLong.of(first.resourceVersion()));

        assertThatThrownBy(
                        () -> declare("backend", ServiceSpec.guarding(8002), OptionalLong.of(first.resourceVersion())))
                .isInstanceOf(StaleVersionException.class);
        assertThatThrownBy(() -> declare("nobody", ServiceSpec.guarding(8002), OptionalLong.of(1)))
                .isInstanceOf(StaleVersionException.class);
        assertThat(scene.service("backend").spec().port()).isEqualTo(OptionalInt.of(8001));
    }

    @Test
    void anApplyIsAllOrNothingAndPrunesItsOwnStackOnly() throws Exception {
        declare("other", ServiceSpec.guarding(7000), OptionalLong.empty());
        Applied.Done first = (Applied.Done) stacks.apply(
                Stack.of(
                        List.of(
                                Declaration.of(Scene.key("one"), ServiceSpec.guarding(8000)),
                                Declaration.of(Scene.key("two"), ServiceSpec.guarding(8000, 8001))),
                        Optional.of("shop"),
                        true),
                Users.caller(Users.DEV));
        scene.pass(SOON);
        assertThat(first.services()).extracting(Declared::change).containsOnly(Declared.Change.CREATED);
        assertThat(scene.service("one").status().port()).as("first in the file").isEqualTo(OptionalInt.of(8000));
        assertThat(scene.service("two").status().port()).isEqualTo(OptionalInt.of(8001));

        Applied.Done second = (Applied.Done) stacks.apply(
                Stack.of(
                        List.of(Declaration.of(Scene.key("two"), ServiceSpec.guarding(8000, 8001))),
                        Optional.of("shop"),
                        true),
                Users.caller(Users.DEV));
        assertThat(second.services()).extracting(Declared::change).containsOnly(Declared.Change.UNCHANGED);
        assertThat(second.pruned()).containsExactly(Scene.key("one"));
        assertThat(scene.berth.registry.service(Scene.key("other"))).isPresent();
    }

    @Test
    void aDryRunSaysWhatWouldHappenAndTouchesNothing() throws Exception {
        SimProcess holder = scene.server(Program.named("holder"), 8000);
        scene.pass(SOON);
        long writes = scene.store.appends();
        Planned ends = declarations.plan(
                Declaration.of(Scene.key("backend"), wanting("aggressive", 8000)),
                Users.caller(Users.DEV),
                OptionalLong.empty());
        Planned moves = declarations.plan(
                Declaration.of(Scene.key("backend"), wanting("conservative", 8000, 8001)),
                Users.caller(Users.DEV),
                OptionalLong.empty());
        FreePreview frees = scene.berth
                .plane
                .release()
                .plan(PortKey.tcp(8000), Duration.ofSeconds(1), false, Users.caller(Users.DEV));
        scene.pass(LATER);

        assertThat(ends.plan().actions()).anyMatch(Action.EvictHolders.class::isInstance);
        assertThat(moves.plan().actions())
                .anyMatch(action -> action instanceof Action.AssignPort assign
                        && assign.port().equals(PortKey.tcp(8001)));
        assertThat(frees.actions()).singleElement().isInstanceOf(Action.EvictHolders.class);
        assertThat(scene.store.appends()).isEqualTo(writes);
        assertThat(scene.berth.registry.services()).isEmpty();
        assertThat(holder.alive()).isTrue();
    }

    @Test
    void aDryRunOfAFileSettlesItsOverlaps() throws Exception {
        List<Planned> plans = stacks.plan(
                Stack.of(
                        List.of(
                                Declaration.of(Scene.key("one"), ServiceSpec.guarding(8000, 8001)),
                                Declaration.of(Scene.key("two"), ServiceSpec.guarding(8000, 8001))),
                        Optional.empty(),
                        false),
                Users.caller(Users.DEV));

        assertThat(plans.stream()
                        .flatMap(planned -> planned.plan().actions().stream())
                        .filter(Action.AssignPort.class::isInstance)
                        .map(action -> ((Action.AssignPort) action).port().port()))
                .containsExactly(8000, 8001);
    }

    @Test
    void whatWaitsForApprovalIsDoneAfterIt() throws Exception {
        scene.policy = policy(true, false, Set.of("terminate"));
        SimProcess holder = scene.server(Program.named("holder"), 8000);
        scene.declare("backend", wanting("aggressive", 8000));
        scene.pass(LATER);
        assertThat(holder.alive()).isTrue();
        Conflict waiting = scene.conflicts().get(0);
        assertThat(waiting.state()).isEqualTo(Conflict.State.AWAITING_APPROVAL);

        assertThat(scene.berth.plane.conflicts().approve(waiting.id(), OptionalLong.empty(), Users.caller(Users.DEV)))
                .isInstanceOf(ConflictAnswer.Taken.class);
        scene.pass(LATER);
        assertThat(holder.alive()).isFalse();
        assertThat(scene.service("backend").status().port()).isEqualTo(OptionalInt.of(8000));
        assertThat(scene.conflicts())
                .singleElement()
                .satisfies(conflict -> assertThat(conflict.state()).isEqualTo(Conflict.State.RESOLVED));
        assertThat(scene.berth.plane.conflicts().approve(waiting.id(), OptionalLong.empty(), Users.caller(Users.DEV)))
                .isInstanceOf(ConflictAnswer.NotFound.class);
    }

    @Test
    void anApprovalThatComesTooLateForItsHolderIsVoidAndAskedForAnew() throws Exception {
        scene.policy = policy(true, false, Set.of("terminate"));
        SimProcess shown = scene.server(Program.named("holder"), 8000);
        scene.declare("backend", wanting("aggressive", 8000));
        scene.pass(LATER);
        Conflict waiting = scene.conflicts().get(0);
        scene.machine.vanish(shown);
        SimProcess next = scene.server(Program.named("holder"), 8000);
        // Decided before Berth has seen the change.
        scene.berth.plane.conflicts().approve(waiting.id(), OptionalLong.empty(), Users.caller(Users.DEV));
        scene.pass(LATER);
        assertThat(next.alive()).isTrue();
        Conflict again = scene.conflicts().get(0);
        assertThat(again.state()).isEqualTo(Conflict.State.AWAITING_APPROVAL);
        assertThat(again.holder().process().orElseThrow().pid()).isEqualTo(next.pid());
        assertThat(actions("ApprovalVoided")).hasSize(1);

        assertThat(scene.berth
                        .plane
                        .conflicts()
                        .approve(again.id(), OptionalLong.of(waiting.resourceVersion()), Users.caller(Users.DEV)))
                .isInstanceOf(ConflictAnswer.Changed.class);
        scene.pass(LATER);
        assertThat(next.alive()).isTrue();
        scene.berth
                .plane
                .conflicts()
                .approve(again.id(), OptionalLong.of(again.resourceVersion()), Users.caller(Users.DEV));
        scene.pass(LATER);
        assertThat(next.alive()).isFalse();
    }

    @Test
    void aQuestionThatNobodyAnswersExpiresAndTheServiceMoves() throws Exception {
        scene.policy = policy(true, false, Set.of("terminate")).waitingForApproval(Duration.ofMinutes(5));
        SimProcess holder = scene.server(Program.named("holder"), 8000);
        scene.declare("backend", wanting("aggressive", 8000, 8001));
        scene.pass(Duration.ofMinutes(4));
        assertThat(scene.service("backend").status().port()).isEmpty();
        scene.restart();
        scene.pass(Duration.ofMinutes(2));
        assertThat(scene.service("backend").status().port()).isEqualTo(OptionalInt.of(8001));
        assertThat(holder.alive()).isTrue();
        assertThat(actions("ApprovalExpired")).hasSize(1);
    }

    @Test
    void aQuestionThatExpiredIsNotAskedAgainWhereNothingElseIsAllowed() throws Exception {
        scene.policy = policy(true, false, false, Set.of("terminate")).waitingForApproval(Duration.ofMinutes(5));
        SimProcess holder = scene.server(Program.named("holder"), 8000);
        scene.declare("backend", wanting("aggressive", 8000));
        scene.pass(Duration.ofMinutes(20));
        assertThat(holder.alive()).isTrue();
        assertThat(scene.conflicts())
                .singleElement()
                .satisfies(conflict -> assertThat(conflict.state()).isEqualTo(Conflict.State.DETECTED));
        assertThat(actions("ApprovalExpired")).hasSize(1);
    }

    private List<AuditRecord> actions(String word) throws Exception {
        return scene.records().stream()
                .filter(record -> record.entry().action().equals(word))
                .toList();
    }

    @Test
    void whatIsDismissedIsLeftAloneUntilItIsDeclaredAnew() throws Exception {
        scene.policy = policy(true, false, Set.of("terminate"));
        SimProcess holder = scene.server(Program.named("holder"), 8000);
        scene.declare("backend", wanting("aggressive", 8000));
        scene.pass(SOON);
        scene.berth.plane.conflicts().dismiss(scene.conflicts().get(0).id(), Users.caller(Users.DEV));
        scene.pass(LATER);
        scene.restart();
        scene.pass(LATER);
        assertThat(scene.conflicts())
                .singleElement()
                .satisfies(conflict -> assertThat(conflict.state()).isEqualTo(Conflict.State.DISMISSED));

        scene.policy = Policy.defaults();
        scene.declare("backend", wanting("aggressive", 8000, 8001));
        scene.pass(LATER);
        assertThat(holder.alive()).isFalse();
    }

    @Test
    void aPersonMayDismissWhileItIsUnderWay() throws Exception {
        SimProcess holder = scene.server(Program.named("deaf").onTerm(Program.OnTerm.IGNORE, Duration.ZERO), 8000);
        scene.declare("backend", wanting("aggressive", 8000));
        scene.pass(LATER);
        scene.berth.plane.conflicts().dismiss(scene.conflicts().get(0).id(), Users.caller(Users.DEV));
        scene.pass(Duration.ofSeconds(20));

        assertThat(holder.alive()).as("no SIGKILL follows").isTrue();
        assertThat(scene.berth.registry.evictions()).isEmpty();
    }

    @Test
    void whatIsOnlyReportedIsSettledWhenSomebodyAsks() throws Exception {
        scene.policy = policy(false, false, Set.of());
        scene.server(Program.named("holder"), 8000);
        scene.declare("backend", wanting("conservative", 8000, 8001));
        scene.pass(LATER);
        assertThat(scene.service("backend").status().port()).isEmpty();

        assertThat(scene.berth.plane.conflicts().resolveAll(Users.caller(Users.DEV), every -> true))
                .hasSize(1);
        scene.pass(SOON);
        assertThat(scene.service("backend").status().port()).isEqualTo(OptionalInt.of(8001));
    }

    @Test
    void aUnitIsStoppedThroughItsOwnerWhereThatIsAllowed() throws Exception {
        Origin unit = new Origin(
                HolderKind.UNIT,
                Optional.of("web.service"),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        SimProcess holder = scene.server(Program.named("web").from(unit), 8000);
        scene.policy = policy(true, true, Set.of());
        scene.declare("backend", wanting("aggressive", 8000));
        scene.pass(LATER);

        assertThat(holder.alive()).isFalse();
        assertThat(scene.service("backend").status().port()).isEqualTo(OptionalInt.of(8000));
        assertThat(scene.audit())
                .contains("OwnerStopped INTENDED", "OwnerStopped SUCCEEDED")
                .doesNotContain("ProcessSignalled INTENDED");
    }

    @Test
    void aUnitIsNeverEndedFromBelow() throws Exception {
        Origin unit = new Origin(
                HolderKind.UNIT,
                Optional.of("web.service"),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        SimProcess holder = scene.server(Program.named("web").from(unit), 8000);
        scene.declare("backend", wanting("aggressive", 8000));
        scene.free(8000);
        scene.pass(LATER);

        assertThat(holder.alive()).isTrue();
        assertThat(scene.audit()).doesNotContain("ProcessSignalled INTENDED");
    }
}
