package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkQueueTest {
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration MOST = Duration.ofSeconds(2);

    private long now = Long.MIN_VALUE / 2;
    private final WorkQueue<String> queue = queue(100);

    private WorkQueue<String> queue(int capacity) {
        return new WorkQueue<>(() -> now, new SplittableRandom(1), capacity, FIRST, MOST);
    }

    private void wait(Duration span) {
        now += span.toNanos();
    }

    @Test
    void aKeyAddedTwiceIsTakenOnce() {
        queue.add("a");
        queue.add("a");
        assertThat(queue.poll()).contains("a");
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void keysComeInTheOrderInWhichTheyBecameReady() {
        queue.addAfter("late", Duration.ofSeconds(1));
        queue.add("a");
        queue.add("b");
        wait(Duration.ofSeconds(1));
        queue.add("c");
        List<String> taken = new ArrayList<>();
        for (Optional<String> key = queue.poll(); key.isPresent(); key = queue.poll()) {
            taken.add(key.get());
        }
        assertThat(taken).containsExactly("a", "b", "c", "late");
    }

    @Test
    void whatIsAddedWhileItIsWorkedOnComesAgainAfterwards() {
        queue.add("a");
        queue.poll();
        queue.add("a");
        assertThat(queue.poll()).isEmpty();
        queue.done("a");
        assertThat(queue.poll()).contains("a");
    }

    @Test
    void aDelayThatEndsWhileTheKeyIsWorkedOnIsNotLost() {
        queue.add("a");
        queue.poll();
        queue.addAfter("a", Duration.ofSeconds(1));
        wait(Duration.ofSeconds(2));
        assertThat(queue.poll()).isEmpty();
        queue.done("a");
        assertThat(queue.poll()).contains("a");
    }

    @Test
    void theEarlierOfTwoDelaysCounts() {
        queue.addAfter("a", Duration.ofSeconds(5));
        queue.addAfter("a", Duration.ofSeconds(1));
        queue.addAfter("a", Duration.ofSeconds(9));
        assertThat(queue.untilNext()).contains(Duration.ofSeconds(1));
        wait(Duration.ofSeconds(1));
        assertThat(queue.poll()).contains("a");
        queue.done("a");
        wait(Duration.ofSeconds(9));
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void eachFailureWaitsLongerUpToTheLimitUntilForgotten() {
        List<Duration> delays = new ArrayList<>();
        for (int failure = 0; failure < 10; failure++) {
            delays.add(queue.retry("a"));
            wait(MOST);
            queue.poll();
            queue.done("a");
        }
        assertThat(delays.get(0)).isBetween(FIRST.dividedBy(2), FIRST);
        assertThat(delays.get(9)).isBetween(MOST.dividedBy(2), MOST);
        queue.forget("a");
        assertThat(queue.retry("a")).isBetween(FIRST.dividedBy(2), FIRST);
    }

    @Test
    void aResyncLeavesWhatFailedToItsNextTry() {
        queue.retry("failed");
        queue.addAfter("waits", Duration.ofSeconds(1));
        queue.addUnlessBackingOff("failed");
        queue.addUnlessBackingOff("waits");
        assertThat(queue.poll()).contains("waits");
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void aFullQueueRefusesNewKeysAndKeepsTheOthers() {
        WorkQueue<String> small = queue(2);
        assertThat(small.add("a")).isTrue();
        assertThat(small.addAfter("b", Duration.ofSeconds(1))).isTrue();
        assertThat(small.add("c")).isFalse();
        assertThat(small.add("b")).isTrue();
        small.poll();
        assertThat(small.add("c")).isTrue();
    }

    /** Against a model: whatever is asked of it, nothing is lost, doubled, early or with two workers. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsItsGuaranteesWhateverHappens(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // What must still be taken, and not before when.
        Map<String, Long> due = new HashMap<>();
        Set<String> working = new HashSet<>();
        for (int step = 0; step < 20_000; step++) {
            String key = "k" + random.nextInt(12);
            switch (random.nextInt(6)) {
                case 0 -> {
                    queue.add(key);
                    due.put(key, now);
                }
                case 1 -> {
                    Duration delay = Duration.ofMillis(random.nextInt(1, 500));
                    queue.addAfter(key, delay);
                    due.merge(key, now + delay.toNanos(), Math::min);
                }
                case 2 -> wait(Duration.ofMillis(random.nextInt(100)));
                case 3, 4 -> {
                    Optional<String> taken = queue.poll();
                    if (taken.isPresent()) {
                        assertThat(working.add(taken.get())).as("seed %d", seed).isTrue();
                        assertThat(due.remove(taken.get()))
                                .as("seed %d", seed)
                                .isNotNull()
                                .isLessThanOrEqualTo(now);
                    } else {
                        assertThat(due.entrySet())
                                .as("seed %d", seed)
                                .allMatch(each -> each.getValue() > now || working.contains(each.getKey()));
                    }
                }
                default ->
                    working.stream().findFirst().ifPresent(done -> {
                        working.remove(done);
                        queue.done(done);
                    });
            }
        }
    }

    @Test
    void manyWorkersNeverShareAKeyAndLoseNone() throws Exception {
        int keys = 20;
        int rounds = 500;
        WorkQueue<Integer> shared = new WorkQueue<>(System::nanoTime, new SplittableRandom(1), 1000, FIRST, MOST);
        AtomicIntegerArray busy = new AtomicIntegerArray(keys);
        AtomicIntegerArray asked = new AtomicIntegerArray(keys);
        AtomicIntegerArray served = new AtomicIntegerArray(keys);
        AtomicInteger shares = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(4);
        ExecutorService workers = Executors.newFixedThreadPool(4);
        for (int worker = 0; worker < 4; worker++) {
            workers.execute(() -> {
                try {
                    for (Optional<Integer> key = shared.take(); key.isPresent(); key = shared.take()) {
                        int seen = asked.get(key.get());
                        if (busy.incrementAndGet(key.get()) > 1) {
                            shares.incrementAndGet();
                        }
                        served.set(key.get(), seen);
                        busy.decrementAndGet(key.get());
                        shared.done(key.get());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    ended.countDown();
                }
            });
        }
        for (int round = 0; round < rounds; round++) {
            for (int key = 0; key < keys; key++) {
                asked.incrementAndGet(key);
                if (round % 3 == 0) {
                    shared.addAfter(key, Duration.ofNanos(200_000));
                } else {
                    shared.add(key);
                }
            }
        }
        for (int key = 0; key < keys; key++) {
            shared.add(key);
        }
        while (shared.depth().ready() + shared.depth().running() > 0
                || shared.untilNext().isPresent()) {
            Thread.onSpinWait();
        }
        shared.close();
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        workers.shutdown();
        assertThat(shares).hasValue(0);
        for (int key = 0; key < keys; key++) {
            assertThat(served.get(key)).isEqualTo(rounds);
        }
    }
}
