package dev.berth.plan;

import static dev.berth.plan.World.ANN;
import static dev.berth.plan.World.BOB;
import static dev.berth.plan.World.process;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.Blockage;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.HolderKind;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Ports;
import dev.berth.model.Protocol;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.plan.Action.Assignment;
import dev.berth.testing.Gen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortAllocatorTest {
    private static PortAllocator.Choice choose(World world) {
        return new Pass(
                        world.situation(),
                        world.policy,
                        world.now,
                        new ListenerIndex(world.situation().host()),
                        new ClaimIndex(world.situation().services()),
                        new ReservationIndex(world.situation().reservations()),
                        new Patterns())
                .allocator()
                .choose(port -> false);
    }

    private static PortAllocator.Choice.Found found(World world) {
        return (PortAllocator.Choice.Found) choose(world);
    }

    private static int port(World world) {
        return found(world).port().port();
    }

    @Test
    void takesTheFirstFreeAlternative() {
        World world = World.wanting(ServiceSpec.guarding(8000, 8001, 8002, 8003, 8004, 8005, 8006))
                .listens("::1", 8001, false, process(7, BOB, "node"))
                .reserved(8002, "someone")
                .other(World.seated(World.service("other", ServiceSpec.guarding(9000), ANN, 0), 8003, Optional.empty()))
                .blocked(8004, Blockage.Cause.TIME_WAIT);
        world.evictions.put(PortKey.tcp(8005), Carried.eviction(PortKey.tcp(8005), Eviction.Phase.WATCHING, List.of()));
        assertThat(found(world).port()).isEqualTo(PortKey.tcp(8006));
        assertThat(found(world).how()).isEqualTo(Assignment.ALTERNATIVE);
        assertThat(found(world).passedOver())
                .containsExactly(
                        "8001 is held by node (pid 7)",
                        "8002 is reserved for someone",
                        "8003 is assigned to default/other",
                        "8004 can't be bound (blocked by TIME_WAIT)",
                        "8005 is being freed for somebody else");
    }

    @Test
    void mayUseAReservationOfItsOwnName() {
        assertThat(port(World.wanting(ServiceSpec.guarding(8000, 8001)).reserved(8001, "backend")))
                .isEqualTo(8001);
    }

    @Test
    void skipsWhatBerthNeverChoosesAndTells() {
        World world = World.wanting(ServiceSpec.guarding(8000, 80, 5432, 6000, 8001));
        assertThat(found(world).port()).isEqualTo(PortKey.tcp(8001));
        assertThat(found(world).passedOver())
                .containsExactly(
                        "80 is below 1024", "5432 is on the list of reserved ports", "6000 is refused by browsers");
    }

    @Test
    void triesNoMoreAlternativesThanAllowed() {
        World world = World.wanting(ServiceSpec.guarding(8000, 8001, 8002, 8003))
                .listens(8001, process(7, BOB, "node"))
                .listens(8002, process(7, BOB, "node"))
                .policy(Policies.with(each -> {
                    each.maxAlternatives = 2;
                    each.range = new PortRange(9000, 9010);
                }));
        assertThat(found(world).port()).isEqualTo(PortKey.tcp(9000));
    }

    @Test
    void whatAnotherServicePrefersComesLast() {
        World world = World.wanting(ServiceSpec.guarding(8000, 8001, 8002))
                .other(World.service("other", ServiceSpec.guarding(8001), ANN, 0));
        assertThat(port(world)).isEqualTo(8002);
        world.listens(8002, process(7, BOB, "node"));
        assertThat(port(world)).isEqualTo(8001);
    }

    @Test
    void anOwnRangeReplacesTheDefaultOne() {
        World world = World.wanting(ServiceSpec.builder()
                        .port(8000)
                        .portRange(new PortRange(9000, 9002))
                        .build())
                .listens(9000, process(7, BOB, "node"));
        assertThat(found(world).port()).isEqualTo(PortKey.tcp(9001));
        assertThat(found(world).how()).isEqualTo(Assignment.RANGE);
        world.reserved(9001, "someone").listens(9002, process(8, ANN, "java"));
        assertThat(choose(world))
                .isInstanceOfSatisfying(
                        PortAllocator.Choice.UsedUp.class,
                        used -> assertThat(used.explanation())
                                .isEqualTo(
                                        "its range 9000-9002 used up: 9000 is held by node (pid 7); 9001 is reserved for someone;"
                                                + " 9002 is held by java (pid 8)"));
    }

    @Test
    void theDefaultRangeGoesUpwardFromThePreferredPortAndAround() {
        World world = World.wanting(ServiceSpec.guarding(65535))
                .policy(Policies.with(each -> each.ephemeral = Optional.of(new PortRange(1024, 1030))));
        assertThat(found(world).port()).isEqualTo(PortKey.tcp(1031));
        assertThat(found(world).how()).isEqualTo(Assignment.DEFAULT_RANGE);
        assertThat(port(World.wanting(ServiceSpec.guarding(8000)))).isEqualTo(8001);
        assertThat(port(World.wanting(ServiceSpec.guarding(80)))).isEqualTo(1024);
        assertThat(port(World.wanting(ServiceSpec.builder().build()))).isEqualTo(1024);
    }

    @Test
    void aUsedUpDefaultRangeIsToldInFewWords() {
        World world = World.wanting(ServiceSpec.guarding(8000));
        world.policy(Policies.with(each -> each.reserved = List.of(new PortRange(1, 65535))));
        assertThat(((PortAllocator.Choice.UsedUp) choose(world)).explanation())
                .hasSizeLessThan(5000)
                .contains(" more");
    }

    /** Used up or not: nobody is given a port of somebody else's range, or of the default one. */
    @Test
    void whoNamesARangeIsGivenNothingElse() {
        Gen.check(4_000, gen -> {
            World world = new RandomWorlds(gen).world();
            ServiceSpec spec = world.service.spec();
            if (spec.portRange().isPresent() && choose(world) instanceof PortAllocator.Choice.Found found) {
                int port = found.port().port();
                assertThat(spec.portRange().orElseThrow().contains(port)
                                || spec.alternativePorts().contains(port))
                        .isTrue();
            }
        });
    }

    private static World labelled(String name, Map<String, String> labels, ServiceSpec spec) {
        Service plain = World.service(name, spec, ANN, 0);
        return new World(new Service(
                plain.metadata().withLabels(labels, plain.metadata().annotations()), plain.spec(), plain.status()));
    }

    @Test
    void aWorktreeSettlesOnPortsOfItsOwnAndAlwaysOnTheSame() {
        Gen.check(200, gen -> {
            // Where no port is on a list of those that are never chosen.
            PortRange range = new PortRange(20_000, 20_000 + gen.number(1, 2000));
            ServiceSpec spec = ServiceSpec.builder().portRange(range).build();
            Map<String, String> label = Map.of("berth.dev/worktree", "tree-" + gen.number(0, 1_000_000));
            int first = port(labelled("web", label, spec));
            assertThat(range.contains(first)).isTrue();
            assertThat(port(labelled("web", label, spec))).isEqualTo(first);
            int next = port(labelled("web", label, spec).listens(first, process(7, BOB, "node")));
            assertThat(next).isEqualTo(first == range.last() ? range.first() : first + 1);
        });
        Set<Integer> ports = new HashSet<>();
        for (int tree = 0; tree < 100; tree++) {
            World world = labelled("web", Map.of("berth.dev/worktree", "tree-" + tree), ServiceSpec.guarding(3000));
            world.policy(Policies.with(each -> each.ephemeral = Optional.of(new PortRange(32768, 60999))));
            int port = port(world.listens(3000, process(7, BOB, "node")));
            assertThat(port).matches(each -> each < 32768 || each > 60999).isNotEqualTo(3000);
            ports.add(port);
        }
        assertThat(ports).as("a hundred worktrees rarely meet").hasSizeGreaterThan(95);
    }

    @Test
    void thePortOfBeforeIsTriedFirstInARange() {
        ServiceSpec spec =
                ServiceSpec.builder().portRange(new PortRange(9000, 9005)).build();
        Service plain = World.service("web", spec, ANN, 0);
        for (String note : List.of("9003", "9006", "nonsense", "99999")) {
            World world = new World(new Service(
                    plain.metadata().withLabels(Map.of(), Map.of(PortOrder.LAST_PORT_ANNOTATION, note)),
                    spec,
                    plain.status()));
            assertThat(port(world)).isEqualTo(note.equals("9003") ? 9003 : 9000);
            assertThat(port(world.listens(9003, process(7, BOB, "node")))).isEqualTo(9000);
        }
    }

    /** The choice of a port, written down a second time as plainly as possible. */
    @Test
    void alwaysTheFirstFreeByPreference() {
        Gen.check(8_000, gen -> {
            World world = new RandomWorlds(gen).world();
            Optional<PortKey> expected = expected(world);
            PortAllocator.Choice choice = choose(world);
            assertThat(
                            choice instanceof PortAllocator.Choice.Found found
                                    ? Optional.of(found.port())
                                    : Optional.empty())
                    .isEqualTo(expected);
        });
    }

    /** In development mode: the lowest port from the base on that is nobody's and that Berth may choose. */
    @Test
    void developmentChoosesUpwardFromTheBase() {
        Gen.check(4_000, gen -> {
            World world = new RandomWorlds(gen).world();
            int base = gen.number(
                    world.policy.range().first(), world.policy.range().last());
            world.policy(world.policy.developing(base));
            ServiceSpec spec = world.service.spec();
            PortAllocator.Choice choice = choose(world);
            boolean listed =
                    choice instanceof PortAllocator.Choice.Found found && found.how() != Assignment.DEFAULT_RANGE;
            if (spec.portRange().isPresent() || listed) {
                return;
            }
            // Looked at until one is found: a look at each port of the range in every world takes most of a minute.
            Supplier<Stream<PortKey>> free = () -> world.policy
                    .range()
                    .ports()
                    .filter(port -> port >= base && port != spec.port().orElse(0))
                    .filter(port -> world.policy.ephemeral().isEmpty()
                            || !world.policy.ephemeral().orElseThrow().contains(port))
                    .mapToObj(port -> new PortKey(spec.protocol(), port))
                    .filter(port -> isFree(world, port));
            Optional<PortKey> lowest = free.get()
                    .filter(port -> !isPreferred(world, port))
                    .findFirst()
                    .or(() -> free.get().findFirst());
            assertThat(
                            choice instanceof PortAllocator.Choice.Found found
                                    ? Optional.of(found.port())
                                    : Optional.<PortKey>empty())
                    .isEqualTo(lowest);
        });
    }

    @Test
    void developmentBeginsAtTheBaseAndLeavesOutWhatBerthNeverChooses() {
        World world = World.wanting(ServiceSpec.builder().build())
                .policy(Policy.defaults().developing(5999));
        assertThat(port(world)).isEqualTo(5999);
        world.listens(5999, process(7, BOB, "node"));
        assertThat(port(world)).as("6000 is refused by browsers").isEqualTo(6001);
        assertThat(port(World.wanting(ServiceSpec.guarding(12000))
                        .listens(12000, process(7, BOB, "node"))
                        .policy(Policy.defaults().developing(8000))))
                .as("from the base, not from the preferred port")
                .isEqualTo(8000);
    }

    private static Optional<PortKey> expected(World world) {
        ServiceSpec spec = world.service.spec();
        List<Integer> alternatives = new ArrayList<>(new LinkedHashSet<>(spec.alternativePorts()));
        List<Integer> tried = alternatives.subList(0, Math.min(alternatives.size(), world.policy.maxAlternatives()));
        int start = spec.port().orElse(0);
        PortRange range = spec.portRange().orElse(world.policy.range());
        Supplier<IntStream> upward = () -> spec.portRange().isPresent()
                ? range.ports()
                : IntStream.concat(
                                range.ports().filter(port -> port > start),
                                range.ports().filter(port -> port <= start))
                        .filter(port -> world.policy.ephemeral().isEmpty()
                                || !world.policy.ephemeral().orElseThrow().contains(port));
        Supplier<IntStream> listed = () -> tried.stream().mapToInt(Integer::intValue);
        for (Supplier<IntStream> tier : List.of(listed, upward)) {
            for (boolean preferredByOther : new boolean[] {false, true}) {
                Optional<PortKey> first = tier.get()
                        .filter(port -> spec.port().orElse(0) != port)
                        .mapToObj(port -> new PortKey(spec.protocol(), port))
                        .filter(port -> isFree(world, port) && preferredByOther == isPreferred(world, port))
                        .findFirst();
                if (first.isPresent()) {
                    return first;
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isPreferred(World world, PortKey port) {
        return world.others.stream().anyMatch(other -> other.spec().preferred().equals(Optional.of(port)));
    }

    private static boolean isFree(World world, PortKey port) {
        boolean tcp = port.protocol() == Protocol.TCP;
        return port.port() >= 1024
                && !(tcp && Ports.REFUSED_BY_BROWSERS.contains(port.port()))
                && !world.policy.isReserved(port.port())
                && world.listeners.stream().noneMatch(listener -> listener.key().equals(port))
                && world.others.stream().noneMatch(other -> other.assigned().equals(Optional.of(port)))
                && !world.blockages.containsKey(port)
                && !Optional.ofNullable(world.evictions.get(port))
                        .filter(eviction -> eviction.phase().isOpen())
                        .isPresent()
                && world.reservations.stream()
                        .noneMatch(each -> each.port().equals(port)
                                && !each.holder().equals("default/backend")
                                && !(each.holder().equals("backend")
                                        && (each.owner().uid() == 0
                                                || each.owner().uid()
                                                        == world.service
                                                                .metadata()
                                                                .owner()
                                                                .uid())));
    }

    private static Conflict contest(World world, int port, int daysAgo) {
        return PortRiskTest.conflict(
                PortKey.tcp(port), world.now.minus(Duration.ofDays(daysAgo)), "node", HolderKind.FOREIGN);
    }

    @Test
    void ofTheEqualPortsOfARangeTheCalmOneIsTaken() {
        World world = World.wanting(ServiceSpec.builder()
                .port(8000)
                .portRange(new PortRange(9000, 9002))
                .build());
        world.losses = Losses.of(List.of(contest(world, 9000, 1), contest(world, 9000, 2)));
        assertThat(port(world)).isEqualTo(9001);
        assertThat(found(world).passedOver()).containsExactly("9000 is free, and was contested lately");

        world.losses = Losses.of(List.of(contest(world, 9000, 40)));
        assertThat(port(world)).as("long ago").isEqualTo(9000);

        world.losses = Losses.of(List.of(
                contest(world, 9000, 1), contest(world, 9000, 2), contest(world, 9001, 3), contest(world, 9002, 2)));
        assertThat(port(world)).as("none is calm: the least contested").isEqualTo(9001);

        world.losses = Losses.of(List.of(contest(world, 9000, 1)));
        world.listens(9001, process(7, BOB, "node")).listens(9002, process(8, BOB, "node"));
        assertThat(port(world)).as("contested is better than none").isEqualTo(9000);
    }

    @Test
    void theOrderOfAlternativesIsTheUsers() {
        World world = World.wanting(ServiceSpec.guarding(8000, 8001, 8002));
        world.losses = Losses.of(List.of(contest(world, 8001, 0), contest(world, 8001, 1)));
        assertThat(port(world)).isEqualTo(8001);
    }
}
