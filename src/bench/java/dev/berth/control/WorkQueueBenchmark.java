package dev.berth.control;

import dev.berth.model.ServiceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The queue when everything is enqueued at once, as each resync does: cost per key. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
public class WorkQueueBenchmark {
    private static final int KEYS = 1000;

    private final List<WorkKey> keys = new ArrayList<>();
    private final WorkQueue<WorkKey> queue =
            new WorkQueue<>(System::nanoTime, new Random(1), 10 * KEYS, Duration.ofMillis(50), Duration.ofSeconds(10));

    public WorkQueueBenchmark() {
        for (int i = 0; i < KEYS; i++) {
            keys.add(WorkKey.service(new ServiceKey("default", "service-" + i)));
        }
    }

    /** Every key is added twice (the second collapses), taken, and done. */
    @Benchmark
    @OperationsPerInvocation(KEYS)
    public int resync() {
        keys.forEach(queue::add);
        keys.forEach(queue::add);
        return drain();
    }

    /** Every key is taken, fails, becomes due again and succeeds. */
    @Benchmark
    @OperationsPerInvocation(KEYS)
    public int failAndRetry() {
        for (WorkKey key : keys) {
            queue.add(key);
        }
        for (int i = 0; i < KEYS; i++) {
            WorkKey key = queue.poll().orElseThrow();
            queue.retry(key);
            queue.done(key);
        }
        // Asked for meanwhile, so due at once.
        keys.forEach(queue::add);
        return drain();
    }

    private int drain() {
        int taken = 0;
        for (var key = queue.poll(); key.isPresent(); key = queue.poll()) {
            queue.forget(key.get());
            queue.done(key.get());
            taken++;
        }
        if (taken != KEYS) {
            throw new IllegalStateException(taken + " keys came out of " + KEYS);
        }
        return taken;
    }
}
