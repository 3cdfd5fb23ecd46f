package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several takers on real time. */
class WorkQueueTest {
    private static final int TAKERS = 32;
    private static final int KEYS = 40;

    private final AtomicInteger looks = new AtomicInteger();
    private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    private final List<Thread> takers = new ArrayList<>();
    private final WorkQueue<String> queue = new WorkQueue<>(
            () -> {
                looks.incrementAndGet();
                return System.nanoTime();
            },
            new SplittableRandom(1),
            1000,
            Duration.ofMillis(50),
            Duration.ofSeconds(10));

    @AfterEach
    void end() throws InterruptedException {
        queue.close();
        for (Thread taker : takers) {
            taker.join();
        }
    }

    @Test
    void aDelayedKeyDoesNotWakeEveryTaker() throws InterruptedException {
        for (int i = 0; i < KEYS; i++) {
            queue.addAfter("key " + i, Duration.ofMillis(200 + 5 * i));
        }
        start(TAKERS);

        for (int i = 0; i < KEYS; i++) {
            assertThat(taken.poll(10, TimeUnit.SECONDS)).isNotNull();
        }

        // Whoever wakes looks. A key is looked for by its taker, before and after, and by the next one who keeps the
        // time.
        assertThat(looks.get()).isLessThan(TAKERS * KEYS / 2);
    }

    @Test
    void severalAreReadyInTheirOrderBeforeWhatTheirTakersAdd() throws InterruptedException {
        queue.addAll(List.of("a", "b", "c"));
        List<String> order = new ArrayList<>();
        for (Optional<String> key = queue.poll(); key.isPresent(); key = queue.poll()) {
            order.add(key.get());
            if (order.size() <= 3) {
                queue.addAgain(key.get(), Duration.ZERO);
            }
            queue.done(key.get());
        }
        assertThat(order).containsExactly("a", "b", "c", "a", "b", "c");
    }

    @Test
    void aKeyThatIsDueEarlierThanTheOneThatIsWaitedForIsNotLate() throws InterruptedException {
        start(4);
        queue.addAfter("in an hour", Duration.ofHours(1));
        awaitAllWaiting();

        queue.addAfter("soon", Duration.ofMillis(30));
        queue.addAfter("sooner", Duration.ofMillis(10));

        assertThat(taken.poll(10, TimeUnit.SECONDS)).isEqualTo("sooner");
        assertThat(taken.poll(10, TimeUnit.SECONDS)).isEqualTo("soon");
    }

    @Test
    void everyDelayedKeyIsTakenInTimeWhileOthersComeReady() throws InterruptedException {
        start(3);
        for (int i = 0; i < 300; i++) {
            queue.addAfter("delayed " + i, Duration.ofMillis(1 + i % 40));
            queue.add("ready " + i);
        }

        for (int i = 0; i < 600; i++) {
            assertThat(taken.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void whoAddsItsKeyAgainKeepsTheTimeForIt() throws InterruptedException {
        start(4);
        queue.addAfter("in an hour", Duration.ofHours(1));
        awaitAllWaiting();
        for (int i = 0; i < 3; i++) {
            queue.add("again " + i);
        }

        for (int i = 0; i < 300; i++) {
            if (i % 10 == 0) {
                queue.add("meanwhile " + i);
            }
            assertThat(taken.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void anInterruptedTakerLeavesTheTimeToAnother() throws InterruptedException {
        start(1);
        queue.addAfter("soon", Duration.ofMillis(200));
        awaitAllWaiting();
        start(1);
        awaitAllWaiting();

        takers.get(0).interrupt();
        takers.get(0).join();

        assertThat(taken.poll(10, TimeUnit.SECONDS)).isEqualTo("soon");
    }

    private void start(int count) {
        for (int i = 0; i < count; i++) {
            Thread taker = new Thread(this::takeAll, "taker");
            takers.add(taker);
            taker.start();
        }
    }

    private void takeAll() {
        try {
            for (Optional<String> key = queue.take(); key.isPresent(); key = queue.take()) {
                taken.add(key.get());
                if (key.get().startsWith("again")) {
                    queue.addAgain(key.get(), Duration.ofMillis(5));
                }
                queue.done(key.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitAllWaiting() {
        while (!takers.stream().allMatch(WorkQueueTest::waits)) {
            Thread.onSpinWait();
        }
    }

    private static boolean waits(Thread taker) {
        return taker.getState() == Thread.State.WAITING || taker.getState() == Thread.State.TIMED_WAITING;
    }
}
