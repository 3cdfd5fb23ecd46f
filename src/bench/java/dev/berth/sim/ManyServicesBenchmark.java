package dev.berth.sim;

import dev.berth.control.Declaration;
import dev.berth.control.Stack;
import dev.berth.model.Service;
import dev.berth.model.ServiceSpec;
import dev.berth.model.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What many declared services cost the loop itself: at the start of Berth, at each tick, at each look at all of them. */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
public class ManyServicesBenchmark {
    private static final int FIRST_PORT = 1200;
    private static final String STACK = "many";

    /** How many are declared. */
    @Param({"100", "10000"})
    public int services;

    private final Scene scene = new Scene();

    /** Declares them in one file, and lets the loop come to rest. */
    @Setup(Level.Trial)
    public void declare() throws Exception {
        List<Declaration> stack = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            stack.add(Declaration.of(Scene.key("s" + i), ServiceSpec.guarding(FIRST_PORT + i)));
        }
        scene.berth.plane.stacks().apply(Stack.of(stack, Optional.of(STACK), false), Users.of(Users.DEV));
        settle();
        long settled = scene.berth.registry.services().stream()
                .filter(service -> service.status().port().isPresent())
                .map(Service::status)
                .filter(status -> status.state() != ServiceState.BLOCKED)
                .count();
        if (settled != services) {
            throw new IllegalStateException(settled + " of " + services + " services have a port");
        }
    }

    private void settle() {
        while (scene.berth.plane.loop().runNext()) {
            // Until nothing is ready.
        }
    }

    /** A new Berth on what the one before stored, until every service was judged. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 2)
    @Measurement(iterations = 5)
    public void start() {
        scene.restart();
        scene.berth.plane.loop().observeTick();
        settle();
    }

    /** A tick in which nothing has changed. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Warmup(iterations = 3, time = 1)
    @Measurement(iterations = 5, time = 1)
    public void idleTick() {
        scene.berth.plane.loop().observeTick();
    }

    /** Every service judged once more, with nothing to do. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Warmup(iterations = 2, time = 1)
    @Measurement(iterations = 3, time = 2)
    public void resync() {
        scene.berth.plane.loop().resync();
        settle();
    }
}
