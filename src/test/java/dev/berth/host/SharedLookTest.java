package dev.berth.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedLookTest {
    private final AtomicInteger looks = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    void whoeverComesDuringALookSharesTheNextOne() throws Exception {
        SharedLook<Integer> shared = new SharedLook<>(this::slowLook, System::nanoTime);
        Asker first = ask(shared);
        await().until(() -> looks.get() == 1);
        List<Asker> later = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            later.add(ask(shared));
        }
        await().until(() -> later.stream().allMatch(each -> each.thread.getState() == Thread.State.WAITING));

        goOn.countDown();

        assertThat(first.answer.get()).isEqualTo(1);
        for (Asker each : later) {
            assertThat(each.answer.get()).isEqualTo(2);
        }
        assertThat(shared.get()).isEqualTo(3);
    }

    private int slowLook() {
        int look = looks.incrementAndGet();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return look;
    }

    private int failsFirst() throws ObservationException {
        if (looks.incrementAndGet() == 1) {
            throw new ObservationException("nothing to see");
        }
        return looks.get();
    }

    @Test
    void aLookThatFailedIsNotTheAnswerToTheNextOne() throws Exception {
        SharedLook<Integer> shared = new SharedLook<>(this::failsFirst, System::nanoTime);

        assertThatThrownBy(shared::get).hasMessage("nothing to see");
        assertThat(shared.get()).isEqualTo(2);
    }

    /** Nobody waits for ever for one that broke off. */
    @Test
    void allThatShareALookLearnOfADefectInIt() throws Exception {
        SharedLook<Integer> shared = new SharedLook<>(
                () -> {
                    if (slowLook() == 2) {
                        throw new IllegalStateException("a defect");
                    }
                    return looks.get();
                },
                System::nanoTime);
        Asker first = ask(shared);
        await().until(() -> looks.get() == 1);
        List<Asker> later = List.of(ask(shared), ask(shared), ask(shared));
        await().until(() -> later.stream().allMatch(each -> each.thread.getState() == Thread.State.WAITING));

        goOn.countDown();

        assertThat(first.answer.get()).isEqualTo(1);
        for (Asker each : later) {
            assertThatThrownBy(each.answer::get).hasRootCauseMessage("a defect");
        }
        assertThat(shared.get()).isEqualTo(3);
    }

    @Test
    void whoMakesTheLookLearnsOfADefectAsItIs() throws Exception {
        Error crash = new StackOverflowError("a defect");
        SharedLook<Integer> shared = new SharedLook<>(
                () -> {
                    if (looks.incrementAndGet() == 1) {
                        throw crash;
                    }
                    return looks.get();
                },
                System::nanoTime);

        assertThatThrownBy(shared::get).isSameAs(crash);
        assertThat(shared.get()).isEqualTo(2);
    }

    @Test
    void whoIsAloneSomeTimeAfterACrowdDoesNotWaitForCompany() throws Exception {
        AtomicLong nanos = new AtomicLong();
        SharedLook<Integer> shared = new SharedLook<>(this::slowLook, Duration.ofHours(1), nanos::get);
        Asker first = ask(shared);
        await().until(() -> looks.get() == 1);
        List<Asker> crowd = List.of(ask(shared), ask(shared));
        await().until(() -> crowd.stream().allMatch(each -> each.thread.getState() == Thread.State.WAITING));
        goOn.countDown();
        assertThat(first.answer.get()).isEqualTo(1);
        assertThat(crowd.get(1).answer.get()).isEqualTo(2);

        nanos.set(Duration.ofMillis(50).toNanos());

        assertThat(shared.get()).isEqualTo(3);
    }

    @Test
    void aLookThatBeganLatelyIsAskedForAgainOnlyWhenItIsTooOld() throws Exception {
        AtomicLong nanos = new AtomicLong();
        goOn.countDown();
        SharedLook<Integer> shared = new SharedLook<>(this::slowLook, nanos::get);

        assertThat(shared.get(Duration.ofNanos(20))).as("there was none").isEqualTo(1);
        nanos.set(19);
        assertThat(shared.get(Duration.ofNanos(20))).isEqualTo(1);
        nanos.set(20);
        assertThat(shared.get(Duration.ofNanos(20))).isEqualTo(2);
        assertThat(shared.get(Duration.ZERO)).as("from before it was asked for").isEqualTo(3);
        assertThat(shared.get()).isEqualTo(4);
        assertThat(shared.get(Duration.ofNanos(20))).as("whoever asked for it").isEqualTo(4);
    }

    @Test
    void aLookThatIsUnderWayIsWaitedForWhereItBeganLatelyEnough() throws Exception {
        SharedLook<Integer> shared = new SharedLook<>(this::slowLook, System::nanoTime);
        Asker first = ask(shared);
        await().until(() -> looks.get() == 1);
        Asker joining = ask(() -> shared.get(Duration.ofHours(1)));
        await().until(() -> joining.thread.getState() == Thread.State.WAITING);

        goOn.countDown();

        assertThat(first.answer.get()).isEqualTo(1);
        assertThat(joining.answer.get()).isEqualTo(1);
    }

    @Test
    void aLookThatFailedIsNoLateLook() throws Exception {
        SharedLook<Integer> shared = new SharedLook<>(this::failsFirst, System::nanoTime);
        assertThatThrownBy(shared::get).hasMessage("nothing to see");

        assertThat(shared.get(Duration.ofHours(1))).isEqualTo(2);
    }

    private static Asker ask(SharedLook<Integer> shared) {
        return ask(shared::get);
    }

    private static Asker ask(Callable<Integer> asking) {
        FutureTask<Integer> answer = new FutureTask<>(asking);
        Thread thread = new Thread(answer, "asker");
        thread.start();
        return new Asker(thread, answer);
    }

    private record Asker(Thread thread, FutureTask<Integer> answer) {}
}
