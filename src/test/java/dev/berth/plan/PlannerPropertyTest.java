package dev.berth.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Condition;
import dev.berth.model.Eviction;
import dev.berth.model.HolderKind;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.Ports;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.User;
import dev.berth.testing.Gen;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every plan, whatever the situation and the strategy. The checks share no code with the planner. */
class PlannerPropertyTest {
    private static final int CASES = 8_000;

    @Test
    void everyPlanKeepsTheRules() {
        Gen.check(CASES, PlannerPropertyTest::keepsTheRules);
    }

    /** A socket of the service's own stale process and of a container: seldom drawn, and once ended as if both were its own. */
    @Test
    void aStrangerBesideAStaleProcessIsNotEndedAsStale() {
        keepsTheRules(new Gen(44229823246446L));
    }

    private static void keepsTheRules(Gen gen) {
        RandomWorlds worlds = new RandomWorlds(gen);
        World world = worlds.world();
        Plan plan = world.plan(RandomWorlds.planner(worlds.randomStrategy()));
        for (Action action : plan.actions()) {
            if (action instanceof Action.AssignPort assign) {
                checkAssigned(world, assign, plan);
            } else if (action instanceof Action.EvictHolders evict) {
                assertThat(evict.holders()).isNotEmpty();
                evict.holders().forEach(holder -> checkMayBeEnded(world, evict.port(), holder, false));
            } else if (action instanceof Action.RestartService restart) {
                assertThat(restart.stale()).isNotEmpty();
                restart.stale().forEach(holder -> checkMayBeEnded(world, restart.port(), holder, true));
            } else if (action instanceof Action.StopOwner stop) {
                assertThat(world.policy.stopOwners()).isTrue();
                assertThat(world.policy.autoResolve()).isTrue();
                assertThat(world.policy.preserveForeign()).isFalse();
                holders(world, stop.port()).forEach(holder -> checkProtected(world, stop.port(), holder));
            } else if (action instanceof Action.AdoptProcess adopt) {
                ProcessFacts facts = Optional.ofNullable(world.processes.get(adopt.process()))
                        .orElseThrow();
                assertThat(facts.user().uid())
                        .isEqualTo(world.service.metadata().owner().uid());
                assertThat(adopt.process()).isNotIn(World.BERTH, World.SHELL);
            }
        }
        checkConditions(plan);
        checkConflicts(world, plan);
    }

    /** A Berth of root's could end anything, and ends for a user what that user could have ended. */
    @Test
    void aBerthOfRootsEndsForAUserOnlyWhatIsTheirs() {
        AtomicInteger ended = new AtomicInteger();
        Gen.check(CASES, gen -> {
            RandomWorlds worlds = new RandomWorlds(gen);
            World world = worlds.world();
            world.berth = new BerthIdentity(
                    world.berth.self(), World.ROOT, world.berth.ancestors(), world.berth.installation(), World.NOW);
            User owner = world.service.metadata().owner();
            for (Action action :
                    world.plan(RandomWorlds.planner(worlds.randomStrategy())).actions()) {
                List<ProcessRef> holders = action instanceof Action.EvictHolders evict
                        ? evict.holders()
                        : action instanceof Action.RestartService restart ? restart.stale() : List.of();
                for (ProcessRef holder : holders) {
                    ended.incrementAndGet();
                    long whose = world.processes.get(holder).user().uid();
                    assertThat(owner.isRoot() || owner.uid() == whose)
                            .as("%s's service ends a process of uid %d", owner.display(), whose)
                            .isTrue();
                }
                if (action instanceof Action.StopOwner) {
                    assertThat(owner.isRoot())
                            .as("whose units and containers are stopped")
                            .isTrue();
                }
            }
        });
        assertThat(ended).hasPositiveValue();
    }

    @Test
    void theOrderOfTheOthersDoesNotMatter() {
        Gen.check(CASES / 4, gen -> {
            RandomWorlds worlds = new RandomWorlds(gen);
            World world = worlds.world();
            Planner planner = RandomWorlds.planner(worlds.fixedStrategy());
            Plan plan = world.plan(planner);
            List<Service> shuffled = gen.shuffled(world.others);
            world.others.clear();
            world.others.addAll(shuffled);
            assertThat(world.plan(planner)).isEqualTo(plan);
        });
    }

    /** However it begins, the same world is soon settled, and then a pass has nothing to do and nothing new to say. */
    @Test
    void comesToRest() {
        Gen.check(CASES, gen -> {
            RandomWorlds worlds = new RandomWorlds(gen);
            World world = worlds.world();
            world.evictions.values().removeIf(eviction -> eviction.phase().isOpen());
            Planner planner = RandomWorlds.planner(worlds.fixedStrategy());
            List<Plan> plans = new ArrayList<>();
            boolean fresh = true;
            boolean waited = false;
            for (int pass = 0; pass < 16; pass++) {
                Plan plan = world.plan(planner);
                plans.add(plan);
                List<Condition> before = world.service.status().conditions();
                Carried.out(world, plan);
                boolean quiet = effects(plan).isEmpty();
                if (quiet && !fresh) {
                    assertThat(says(world.service.status().conditions()))
                            .as("conditions of a settled pass after %s", actions(plans))
                            .isEqualTo(says(before));
                    if (!searched(plan) || waited) {
                        return;
                    }
                    waited = true;
                    world.now = world.now.plus(PortJudge.LONGEST_SEARCH);
                    fresh = true;
                } else {
                    fresh = !quiet;
                    end(gen, world, plan);
                }
            }
            throw new AssertionError("still not settled: " + actions(plans) + "\nlast: " + plans.get(plans.size() - 1));
        });
    }

    private static boolean searched(Plan plan) {
        return plan.conditions().stream()
                .anyMatch(condition -> condition.reason().equals(PortJudge.SEARCHING));
    }

    private static String actions(List<Plan> plans) {
        return plans.stream()
                .map(plan -> plan.actions().stream().map(Object::toString).collect(Collectors.joining("\n  ")))
                .collect(Collectors.joining("\n-- "));
    }

    private static List<String> says(List<Condition> conditions) {
        return conditions.stream()
                .map(each -> each.type() + " " + each.status() + " " + each.reason() + ": " + each.message())
                .toList();
    }

    /** What changes something; waiting for an approval is rest as well. */
    private static List<Action> effects(Plan plan) {
        return plan.actions().stream()
                .filter(action -> !(action instanceof Action.Wait) && !(action instanceof Action.Report))
                .toList();
    }

    /** The ending of a holder comes out one way or another. */
    private static void end(Gen gen, World world, Plan plan) {
        for (Action action : plan.actions()) {
            Optional<PortKey> port = action instanceof Action.EvictHolders evict
                    ? Optional.of(evict.port())
                    : action instanceof Action.RestartService restart
                            ? Optional.of(restart.port())
                            : action instanceof Action.StopOwner stop ? Optional.of(stop.port()) : Optional.empty();
            port.ifPresent(each -> {
                List<ProcessFacts> holders = holders(world, each).stream()
                        .flatMap(ref -> Optional.ofNullable(world.processes.get(ref)).stream())
                        .toList();
                Eviction.Phase phase = gen.oneOf(Eviction.Phase.FREED, Eviction.Phase.FAILED, Eviction.Phase.RESPAWNED);
                if (phase == Eviction.Phase.FREED) {
                    world.nobodyListens(each.port());
                    world.blockages.remove(each);
                }
                world.evictions.put(each, Carried.eviction(each, phase, holders));
            });
        }
    }

    private static Set<ProcessRef> holders(World world, PortKey port) {
        Set<ProcessRef> holders = new HashSet<>();
        for (Listener listener : world.listeners) {
            if (listener.key().equals(port) && listener.ownership() instanceof Ownership.Held held) {
                holders.addAll(held.holders());
            }
        }
        return holders;
    }

    private static void checkAssigned(World world, Action.AssignPort assign, Plan plan) {
        PortKey port = assign.port();
        assertThat(world.others).noneMatch(other -> other.assigned().equals(Optional.of(port)));
        assertThat(world.reservations)
                .noneMatch(reservation ->
                        reservation.port().equals(port) && !reservation.holder().endsWith("backend"));
        boolean preferred = world.service.spec().preferred().equals(Optional.of(port));
        Set<ProcessRef> holders = holders(world, port);
        boolean adopted = plan.actions().stream().anyMatch(Action.AdoptProcess.class::isInstance)
                || world.service.status().process().filter(holders::contains).isPresent();
        if (!adopted) {
            assertThat(world.blockages).doesNotContainKey(port);
        }
        if (preferred) {
            assertThat(world.listeners)
                    .noneMatch(listener -> listener.key().equals(port)
                            && !adopted
                            && (listener.address().equals("0.0.0.0")
                                    && world.service.spec().wantedHost().equals("127.0.0.1")));
        } else {
            assertThat(world.listeners).noneMatch(listener -> listener.key().equals(port));
            assertThat(world.policy.isReserved(port.port())).isFalse();
            assertThat(port.port()).isGreaterThanOrEqualTo(Ports.LOWEST_CHOSEN);
            assertThat(port).isNotIn(PortKey.tcp(6000), PortKey.tcp(10080));
        }
    }

    private static void checkMayBeEnded(World world, PortKey port, ProcessRef holder, boolean own) {
        ProcessFacts facts = Optional.ofNullable(world.processes.get(holder)).orElseThrow();
        checkProtected(world, port, holder);
        User owner = world.service.metadata().owner();
        assertThat(owner.uid())
                .satisfiesAnyOf(
                        uid -> assertThat(uid).isZero(),
                        uid -> assertThat(uid).isEqualTo(facts.user().uid()));
        assertThat(world.berth.user().uid())
                .satisfiesAnyOf(
                        uid -> assertThat(uid).isZero(),
                        uid -> assertThat(uid).isEqualTo(facts.user().uid()));
        assertThat(world.policy.autoResolve()).isTrue();
        if (own || isOwn(world, facts)) {
            assertThat(isOwn(world, facts)
                            || facts.ancestors().stream()
                                    .anyMatch(above -> Optional.ofNullable(world.processes.get(above.ref()))
                                            .filter(known -> isOwn(world, known))
                                            .isPresent()))
                    .as("%s is %s's, or below what is", facts, world.service.key())
                    .isTrue();
        } else {
            assertThat(world.policy.preserveForeign()).isFalse();
            assertThat(facts.origin().kind()).isNotIn(HolderKind.UNIT, HolderKind.CONTAINER);
        }
        assertThat(world.listeners)
                .as("nobody is ended for a port of which a holder was not seen")
                .noneMatch(listener -> listener.key().equals(port)
                        && listener.ownership() instanceof Ownership.Unseen
                        && listener.address().equals("0.0.0.0")
                        && world.service.spec().wantedHost().equals("127.0.0.1"));
    }

    private static boolean isOwn(World world, ProcessFacts facts) {
        return facts.marker()
                        .filter(marker -> marker.startsWith("default/backend@"))
                        .isPresent()
                || world.service.spec().processPatterns().stream().anyMatch(pattern -> finds(pattern, facts.command()));
    }

    private static boolean finds(String pattern, String command) {
        try {
            return Pattern.compile(pattern).matcher(command).find();
        } catch (PatternSyntaxException broken) {
            return false;
        }
    }

    private static void checkProtected(World world, PortKey port, ProcessRef holder) {
        if (!Addresses.collides(world.service.spec().wantedHost(), listenerOf(world, port, holder))) {
            return;
        }
        ProcessFacts facts = Optional.ofNullable(world.processes.get(holder)).orElseThrow();
        assertThat(holder.pid()).isNotIn(1L, 400L, 500L);
        assertThat(facts.origin().kind()).isNotEqualTo(HolderKind.SYSTEM);
        assertThat(facts.comm()).isNotIn("dockerd", "sshd");
        assertThat(world.policy.protectedPorts()).doesNotContain(port.port());
        assertThat(world.policy.protectedProcesses()).noneMatch(facts.command()::contains);
    }

    private static Listener listenerOf(World world, PortKey port, ProcessRef holder) {
        return world.listeners.stream()
                .filter(listener -> listener.key().equals(port)
                        && listener.ownership() instanceof Ownership.Held held
                        && held.holders().contains(holder))
                .findFirst()
                .orElseThrow();
    }

    private static void checkConditions(Plan plan) {
        List<String> types = plan.conditions().stream().map(Condition::type).toList();
        assertThat(types).doesNotHaveDuplicates().contains(Condition.PORT_ASSIGNED, Condition.READY);
        assertThat(plan.conditions()).allSatisfy(condition -> {
            assertThat(condition.reason()).matches("[A-Z][A-Za-z]*");
            assertThat(condition.message()).isNotBlank();
        });
        assertThat(plan.actions())
                .allSatisfy(action -> assertThat(action.reason()).isNotBlank());
    }

    private static void checkConflicts(World world, Plan plan) {
        List<PortKey> opened = plan.actions().stream()
                .flatMap(action -> action instanceof Action.OpenConflict open ? Stream.of(open.port()) : Stream.empty())
                .toList();
        assertThat(opened).doesNotHaveDuplicates();
        assertThat(world.conflicts).noneMatch(conflict -> opened.contains(conflict.port()));
        List<PortKey> closed = plan.actions().stream()
                .flatMap(action ->
                        action instanceof Action.CloseConflict close ? Stream.of(close.port()) : Stream.empty())
                .toList();
        assertThat(closed).doesNotHaveDuplicates();
    }
}
