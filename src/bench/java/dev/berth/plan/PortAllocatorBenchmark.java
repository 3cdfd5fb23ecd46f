package dev.berth.plan;

import dev.berth.model.PortRange;
import dev.berth.model.ServiceSpec;
import java.util.List;
import java.util.Optional;
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

/** Finding the first free port among a thousand listeners and a thousand other services. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
public class PortAllocatorBenchmark {
    private static final int USED = 1000;
    private static final int FIRST_PORT = 20_000;
    private static final int FIRST_FREE = FIRST_PORT + USED;

    private final Indexed free = among(List.of(FIRST_FREE), FIRST_FREE);
    private final Indexed behindUsedOnes = among(List.of(), FIRST_FREE);
    private final Indexed usedUp = among(List.of(), FIRST_FREE - 1);

    private static Indexed among(List<Integer> alternatives, int last) {
        World world = World.wanting(ServiceSpec.builder()
                .port(FIRST_PORT)
                .alternativePorts(alternatives)
                .portRange(new PortRange(FIRST_PORT, last))
                .build());
        for (int i = 0; i < USED; i++) {
            int port = FIRST_PORT + i;
            world.listens(port, World.process(10_000 + i, World.BOB, "node server.js"));
            ServiceSpec spec = ServiceSpec.builder().port(port).build();
            world.other(World.seated(World.service("service-" + i, spec, World.ANN, 1), port, Optional.empty()));
        }
        return new Indexed(world.situation());
    }

    /** What a planner keeps between the passes of one look. */
    private record Indexed(
            Situation situation, ListenerIndex listeners, ClaimIndex claims, ReservationIndex reservations) {
        Indexed(Situation situation) {
            this(
                    situation,
                    new ListenerIndex(situation.host()),
                    new ClaimIndex(situation.services()),
                    new ReservationIndex(situation.reservations()));
        }

        PortAllocator.Choice choose() {
            return new Pass(situation, Policy.defaults(), World.NOW, listeners, claims, reservations, new Patterns())
                    .allocator()
                    .choose(port -> false);
        }
    }

    @Benchmark
    public PortAllocator.Choice firstAlternativeIsFree() {
        return free.choose();
    }

    @Benchmark
    public PortAllocator.Choice lastOfAThousandIsFree() {
        return behindUsedOnes.choose();
    }

    /** Nothing is free, and the answer says what holds the ports. */
    @Benchmark
    public PortAllocator.Choice usedUp() {
        return usedUp.choose();
    }
}
