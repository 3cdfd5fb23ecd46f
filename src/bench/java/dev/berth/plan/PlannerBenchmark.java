package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.HostSnapshot;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What judging one service costs among a thousand, each on its port with its own process: the pass that happens all day. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
public class PlannerBenchmark {
    private static final int SERVICES = 1000;
    private static final int FIRST_PORT = 20_000;

    private final Planner planner = new Planner(Map.of());
    private final World world;
    private final Situation settled;
    private final Situation contested;
    private HostSnapshot nextLook;

    public PlannerBenchmark() {
        List<Service> services = new ArrayList<>();
        world = new World(World.service("before", spec(FIRST_PORT - 1), World.ANN, 0));
        Map<Integer, ProcessFacts> holders = new HashMap<>();
        for (int i = 0; i < SERVICES; i++) {
            ProcessFacts holder = World.process(10_000 + i, World.ANN, "node server.js " + i);
            holders.put(i, holder);
            world.listens(FIRST_PORT + i, holder);
            Service service = World.service("service-" + i, spec(FIRST_PORT + i), World.ANN, SERVICES - i);
            services.add(World.seated(service, FIRST_PORT + i, Optional.of(holder.ref())));
        }
        HostSnapshot look = world.situation().host();
        settled = settle(situation(services.get(SERVICES / 2), services, look));
        // Held by somebody else's process, with the alternatives held too: the search goes through the default range.
        Service newcomer = World.service("newcomer", spec(FIRST_PORT), World.BOB, 0);
        contested = situation(newcomer, services, look);
        nextLook = look;
    }

    private static ServiceSpec spec(int port) {
        return ServiceSpec.builder()
                .port(port)
                .alternativePorts(List.of(port + 1, port + 2))
                .build();
    }

    private Situation situation(Service service, List<Service> all, HostSnapshot look) {
        return new Situation(service, all, List.of(), look, Map.of(), List.of(), Map.of(), List.of(), world.berth);
    }

    /** The situation after what its plan says was written to the service's status. */
    private Situation settle(Situation before) {
        Plan plan = planner.plan(before, world.policy, world.now);
        Service service = before.service();
        List<Condition> conditions = plan.conditions();
        Situation after = new Situation(
                service.withStatus(new ServiceStatus(
                        plan.state(),
                        OptionalInt.of(service.status().port().orElseThrow()),
                        service.status().process(),
                        0,
                        service.metadata().generation(),
                        conditions)),
                before.services(),
                before.reservations(),
                before.host(),
                before.blockages(),
                before.conflicts(),
                before.evictions(),
                before.history(),
                before.berth());
        Plan again = planner.plan(after, world.policy, world.now);
        if (!again.actions().isEmpty() || again.state() != plan.state()) {
            throw new IllegalStateException("a settled situation is planned for: " + again.actions());
        }
        return after;
    }

    /** One service of a settled thousand, on a look that was judged on before. */
    @Benchmark
    public Plan settledPass() {
        return planner.plan(settled, world.policy, world.now);
    }

    /** The first service that is judged on a new look of a thousand listeners: makes the index that all others share. */
    @Benchmark
    public Plan firstPassOfLook() {
        nextLook = new HostSnapshot(
                nextLook.listeners(), nextLook.processes(), nextLook.takenAt(), nextLook.completeness());
        return planner.plan(
                new Situation(
                        settled.service(),
                        settled.services(),
                        settled.reservations(),
                        nextLook,
                        settled.blockages(),
                        settled.conflicts(),
                        settled.evictions(),
                        settled.history(),
                        settled.berth()),
                world.policy,
                world.now);
    }

    /** A newcomer whose port and alternatives are held: judged, and a port found behind a thousand used ones. */
    @Benchmark
    public Plan contestAndAllocate() {
        return planner.plan(contested, world.policy, world.now);
    }
}
