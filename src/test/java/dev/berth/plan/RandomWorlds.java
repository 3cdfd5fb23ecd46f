package dev.berth.plan;

import dev.berth.model.Blockage;
import dev.berth.model.Command;
import dev.berth.model.Completeness;
import dev.berth.model.Condition;
import dev.berth.model.DecisionKind;
import dev.berth.model.Eviction;
import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.ReturnHome;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import dev.berth.model.User;
import dev.berth.testing.Gen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Situations on a machine so small that everything gets into each other's way. */
final class RandomWorlds {
    private static final List<String> COMMANDS = List.of(
            "python3 -m http.server 8000",
            "node server.js",
            "npm run dev",
            "java -jar app.jar",
            "postgres -D /data",
            "sshd: /usr/sbin/sshd -D",
            "dockerd");
    private static final List<String> HOSTS = List.of("127.0.0.1", "0.0.0.0", "::", "::1", "localhost", "192.168.1.5");

    private final Gen gen;

    RandomWorlds(Gen gen) {
        this.gen = gen;
    }

    int port() {
        return gen.chance(90) ? gen.number(8000, 8007) : gen.oneOf(80, 443, 1023, 1024, 5432, 6000, 10080, 65535);
    }

    User user() {
        return gen.chance(70) ? World.ANN : gen.oneOf(World.BOB, World.ROOT);
    }

    ServiceSpec spec() {
        ServiceSpec.Builder spec = ServiceSpec.builder();
        if (gen.chance(90)) {
            spec.port(port());
        }
        spec.alternativePorts(gen.list(0, 4, this::port));
        gen.maybe(30, this::range).ifPresent(spec::portRange);
        gen.maybe(30, () -> gen.oneOf(HOSTS)).ifPresent(spec::host);
        gen.maybe(60, () -> gen.oneOf("conservative", "aggressive", "intelligent", "random", "gone"))
                .ifPresent(spec::strategy);
        gen.maybe(20, () -> (Command) new Command.Shell("run {port}")).ifPresent(spec::command);
        if (gen.chance(40)) {
            spec.processPatterns(
                    gen.list(1, 2, () -> gen.oneOf("http.server", "server\\.js", "[broken", "(a+)+\\1b", "app")));
        }
        return spec.critical(gen.chance(20))
                .running(gen.chance(90))
                .protocol(gen.chance(95) ? Protocol.TCP : Protocol.UDP)
                .returnHome(gen.oneOf(ReturnHome.values()))
                .build();
    }

    private PortRange range() {
        int first = port();
        return new PortRange(first, Math.min(65535, first + gen.number(0, 5)));
    }

    Policy policy() {
        return new Policy(
                gen.chance(90),
                gen.oneOf("conservative", "aggressive", "intelligent", "random"),
                gen.chance(85),
                gen.chance(15),
                gen.number(0, 5),
                Duration.ofSeconds(gen.number(0, 40)),
                gen.chance(30),
                Policy.DEFAULT_RESPAWN_WATCH,
                gen.list(0, 2, () -> {
                    int port = port();
                    return new PortRange(port, port);
                }),
                gen.chance(80) ? new PortRange(1024, 65535) : new PortRange(8000, 8007),
                gen.maybe(30, () -> new PortRange(8005, 8006)),
                gen.list(0, 1, () -> gen.oneOf("node", "[x", "postgres")),
                gen.chance(10) ? Set.of(port()) : Set.of(),
                gen.chance(15) ? Set.of(gen.oneOf("terminate", "restart", "migrate")) : Set.of());
    }

    private Origin origin() {
        HolderKind kind = gen.chance(50)
                ? HolderKind.FOREIGN
                : gen.oneOf(
                        HolderKind.UNIT,
                        HolderKind.CONTAINER,
                        HolderKind.SUPERVISED,
                        HolderKind.SYSTEM,
                        HolderKind.MANAGED);
        return new Origin(
                kind,
                kind == HolderKind.UNIT ? Optional.of("web.service") : Optional.empty(),
                gen.chance(50),
                kind == HolderKind.CONTAINER ? Optional.of("web") : Optional.empty(),
                kind == HolderKind.SUPERVISED && gen.chance(70) ? Optional.of("pm2 (pid 9)") : Optional.empty(),
                gen.maybe(
                        60,
                        () -> gen.oneOf("orphan: what started it has ended", "runs in a terminal", "npm script dev")));
    }

    ProcessFacts process() {
        ProcessFacts process = World.process(
                gen.oneOf(1L, 400L, 500L, (long) gen.number(600, 620)), user(), gen.oneOf(COMMANDS), origin());
        return gen.chance(15) ? World.marked(process, "default/" + gen.oneOf("backend", "other-0", "nobody")) : process;
    }

    World world() {
        World world = new World(World.service("backend", spec(), user(), gen.number(0, 3)));
        world.policy(policy());
        if (gen.chance(5)) {
            world.completeness = new Completeness(Set.of(Protocol.UDP), List.of("netlink was refused"));
        }
        world.berth = new BerthIdentity(
                World.BERTH,
                gen.oneOf(World.ANN, World.ROOT),
                List.of(World.SHELL, World.INIT),
                World.INSTALLATION,
                World.NOW);
        machine(world);
        declarations(world);
        past(world);
        return world;
    }

    private void machine(World world) {
        List<ProcessFacts> processes = gen.list(1, 4, this::process);
        for (int i = gen.number(0, 6); i > 0; i--) {
            int port = port();
            String address = gen.oneOf("127.0.0.1", "0.0.0.0", "::", "::1", "::ffff:127.0.0.1");
            int kind = gen.number(0, 9);
            if (kind < 8) {
                world.listens(
                        address,
                        port,
                        gen.chance(70),
                        gen.list(1, 2, () -> gen.oneOf(processes)).toArray(new ProcessFacts[0]));
            } else {
                world.socket(
                        address,
                        port,
                        gen.chance(70),
                        kind == 8
                                ? new Ownership.Unseen("permission denied", gen.chance(50))
                                : new Ownership.Held(List.of(new ProcessRef(gen.number(700, 705), 7, World.BOOT))));
            }
        }
        for (int i = gen.number(0, 2); i > 0; i--) {
            world.blocked(port(), gen.oneOf(Blockage.Cause.values()));
        }
    }

    private void declarations(World world) {
        for (int i = gen.number(0, 3); i > 0; i--) {
            Service other = World.service("other-" + i, spec(), user(), gen.number(0, 3));
            world.other(gen.chance(50) ? World.seated(other, port(), holder(world)) : other);
        }
        for (int i = gen.number(0, 2); i > 0; i--) {
            PortKey port = PortKey.tcp(port());
            // The registry has at most one of each port.
            world.reservations.removeIf(each -> each.port().equals(port));
            world.reservations.add(new Reservation(
                    port,
                    gen.oneOf("backend", "default/backend", "someone"),
                    user(),
                    Optional.empty(),
                    Optional.empty(),
                    gen.maybe(50, () -> World.NOW.plusSeconds(gen.number(-5, 5))),
                    Reservation.Enforcement.ADVISORY,
                    Optional.empty(),
                    Optional.empty(),
                    World.NOW,
                    1));
        }
    }

    private Optional<ProcessRef> holder(World world) {
        List<ProcessRef> all = new ArrayList<>(world.processes.keySet());
        all.sort((left, right) -> Long.compare(left.pid(), right.pid()));
        return all.isEmpty() ? Optional.empty() : gen.maybe(50, () -> gen.oneOf(all));
    }

    private void past(World world) {
        if (gen.chance(60)) {
            Optional<Condition> home = gen.maybe(
                    50,
                    () -> new Condition(
                            Condition.HOME_FREE,
                            gen.oneOf(Condition.Status.TRUE, Condition.Status.FALSE),
                            "Free",
                            "as it was",
                            World.NOW.minusSeconds(gen.number(0, 60))));
            world.service = world.service.withStatus(new ServiceStatus(
                    gen.oneOf(ServiceState.values()),
                    gen.chance(80) ? OptionalInt.of(port()) : OptionalInt.empty(),
                    holder(world),
                    0,
                    gen.number(0, 1),
                    home.stream().toList()));
        }
        for (PortKey port : List.of(PortKey.tcp(port()), PortKey.tcp(port()))) {
            if (gen.chance(20)) {
                Carried.open(world, port, gen.oneOf(DecisionKind.values()), gen.chance(30), process());
            }
            if (gen.chance(15)) {
                world.evictions.put(
                        port,
                        Carried.eviction(port, gen.oneOf(Eviction.Phase.values()), gen.list(0, 2, this::process)));
            }
            if (gen.chance(20)) {
                world.history.add(new PastEviction(
                        port, gen.oneOf(COMMANDS), World.NOW, gen.maybe(50, () -> "restarted by bash (pid 12)")));
            }
        }
    }

    /** Does anything, and sometimes nothing sensible. */
    Strategy randomStrategy() {
        return new Strategy() {
            @Override
            public String name() {
                return "random";
            }

            @Override
            public Decision decide(Contest contest) {
                if (gen.chance(10)) {
                    throw new IllegalStateException("a bad day");
                }
                return new Decision(gen.oneOf(DecisionKind.values()), "just so");
            }
        };
    }

    /** Always the same answer, so that a situation can settle. */
    Strategy fixedStrategy() {
        DecisionKind kind = gen.oneOf(DecisionKind.values());
        return new Strategy() {
            @Override
            public String name() {
                return "random";
            }

            @Override
            public Decision decide(Contest contest) {
                return new Decision(kind, "always so");
            }
        };
    }

    static Planner planner(Strategy strategy) {
        return new Planner(Map.of(strategy.name(), strategy));
    }
}
