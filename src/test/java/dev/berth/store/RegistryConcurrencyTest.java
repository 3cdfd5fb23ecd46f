package dev.berth.store;

import static dev.berth.store.JournalRegistryTest.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.StoredObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RegistryConcurrencyTest {
    private static final int THREADS = 64;

    private final MemoryStore store = new MemoryStore();
    private final BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task);
        thread.setUncaughtExceptionHandler((where, fault) -> told.add(fault));
        return thread;
    });
    private final ExecutorService callers = Executors.newFixedThreadPool(THREADS);
    private final JournalRegistry registry = open();

    private JournalRegistry open() {
        try {
            return JournalRegistry.open(store, InstantSource.fixed(StoredSamples.NOON), System::nanoTime, writer);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        callers.shutdownNow();
        registry.close();
        writer.shutdown();
    }

    /** All start at once; each call's result, or its exception as an ExecutionException. */
    private <T> List<Future<T>> together(Callable<T> call) throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            futures.add(callers.submit(() -> {
                start.await();
                return call.call();
            }));
        }
        start.countDown();
        return futures;
    }

    @Test
    void ofManyConflictingChangesExactlyOneWins() throws Exception {
        Service service =
                (Service) registry.commit(put(StoredSamples.service("backend"))).get(0);
        for (int round = 0; round < 20; round++) {
            Service seen = service;
            AtomicInteger stale = new AtomicInteger();
            List<Future<Boolean>> answers = together(() -> {
                try {
                    registry.commit(put(StoredSamples.restarted(seen)));
                    return true;
                } catch (StaleVersionException late) {
                    stale.incrementAndGet();
                    return false;
                }
            });
            int won = 0;
            for (Future<Boolean> answer : answers) {
                won += answer.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
            assertThat(stale).hasValue(THREADS - 1);
            service = registry.service(seen.key()).orElseThrow();
            assertThat(service.status().restarts()).isEqualTo(round + 1);
        }
    }

    @Test
    void noUpdateIsLostWhenEverybodyTriesUntilItFits() throws Exception {
        registry.commit(put(StoredSamples.service("backend")));
        ServiceKey key = ServiceKey.parse("backend");
        for (Future<Object> answer : together(() -> {
            for (int i = 0; i < 20; i++) {
                boolean done = false;
                while (!done) {
                    try {
                        registry.commit(put(
                                StoredSamples.restarted(registry.service(key).orElseThrow())));
                        done = true;
                    } catch (StaleVersionException again) {
                        done = false;
                    }
                }
            }
            return null;
        })) {
            answer.get();
        }
        assertThat(registry.service(key).orElseThrow().status().restarts()).isEqualTo(THREADS * 20);
        assertThat(store.journalAfter(0, 10_000)).hasSize(THREADS * 20 + 1);
    }

    @Test
    void whoIsAloneWritesOnItsOwnThread() throws Exception {
        List<Thread> wrote = new ArrayList<>();
        store.injecting((moment, batch) -> wrote.add(Thread.currentThread()));

        registry.commit(put(StoredSamples.service("backend")));

        assertThat(wrote).isNotEmpty().containsOnly(Thread.currentThread());
    }

    @Test
    void aListenersFaultIsToldOnTheExecutorAndToNoCaller() throws Exception {
        registry.onCommit(rows -> {
            throw new IllegalStateException("listener");
        });

        registry.commit(put(StoredSamples.service("backend")));

        assertThat(told.poll(30, TimeUnit.SECONDS)).hasMessage("listener");
        assertThat(registry.services()).hasSize(1);
    }

    @Test
    void whoseWriteBreaksOffIsToldAndTheNextOneIsWritten() throws Exception {
        store.crashAppend(1, MemoryStore.Moment.BEFORE, new OutOfMemoryError("made to crash"));

        assertThatThrownBy(() -> registry.commit(put(StoredSamples.service("backend"))))
                .isInstanceOfSatisfying(
                        StoreException.class, why -> assertThat(why.kind()).isEqualTo(StoreException.Cause.IO));
        assertThat(told.poll(30, TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);

        store.heal();
        registry.commit(put(StoredSamples.service("backend")));
        assertThat(registry.services()).hasSize(1);
    }

    @Test
    void whereNoThreadIsToBeHadNobodyWaitsForIt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        JournalRegistry poor =
                JournalRegistry.open(store, InstantSource.fixed(StoredSamples.NOON), System::nanoTime, task -> {
                    asked.incrementAndGet();
                    throw new OutOfMemoryError("made to lack a thread");
                });
        CountDownLatch inWrite = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        store.injecting((moment, batch) -> {
            inWrite.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Future<?> first = callers.submit(() -> poor.commit(put(StoredSamples.service("first"))));
        inWrite.await();
        List<Thread> waiting = Collections.synchronizedList(new ArrayList<>());
        Future<?> second = callers.submit(() -> {
            waiting.add(Thread.currentThread());
            return poor.commit(put(StoredSamples.service("second")));
        });
        while (waiting.isEmpty() || waiting.get(0).getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        mayGoOn.countDown();

        assertThatThrownBy(second::get).hasCauseInstanceOf(StoreException.class);
        assertThatThrownBy(first::get).hasCauseInstanceOf(OutOfMemoryError.class);
        assertThat(asked).hasValue(1);
        store.heal();
        poor.commit(put(StoredSamples.service("third")));
        assertThat(poor.services()).extracting(each -> each.key().name()).containsExactlyInAnyOrder("first", "third");
    }

    @Test
    void whatGathersWhileOneIsWrittenIsWrittenTogetherAndTheFirstDoesNotWaitForIt() throws Exception {
        CountDownLatch inWrite = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        CountDownLatch firstHasItsAnswer = new CountDownLatch(1);
        store.injecting((moment, batch) -> {
            if (moment == MemoryStore.Moment.BEFORE) {
                boolean isFirst = inWrite.getCount() > 0;
                inWrite.countDown();
                try {
                    (isFirst ? mayGoOn : firstHasItsAnswer).await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        Future<?> first = callers.submit(() -> registry.commit(put(StoredSamples.service("first"))));
        inWrite.await();
        AtomicInteger names = new AtomicInteger();
        List<Thread> waiting = new ArrayList<>();
        List<Future<Object>> rest = new ArrayList<>();
        for (int i = 0; i < THREADS - 1; i++) {
            rest.add(callers.submit(() -> {
                synchronized (waiting) {
                    waiting.add(Thread.currentThread());
                }
                return registry.commit(ChangeSet.builder()
                        .put(StoredSamples.service("s" + names.incrementAndGet()))
                        .audit(StoredSamples.audit("together"))
                        .build());
            }));
        }
        while (!allWait(waiting)) {
            Thread.onSpinWait();
        }
        mayGoOn.countDown();
        first.get();
        firstHasItsAnswer.countDown();
        for (Future<Object> each : rest) {
            each.get();
        }
        assertThat(store.appends())
                .as("one for the first, one for all the others")
                .isEqualTo(2);
        assertThat(registry.services()).hasSize(THREADS);
        assertThat(store.verifyAudit())
                .satisfies(verdict -> assertThat(verdict.valid()).isTrue())
                .satisfies(verdict -> assertThat(verdict.records()).isEqualTo(THREADS - 1));
    }

    private static boolean allWait(List<Thread> threads) {
        synchronized (threads) {
            return threads.size() == THREADS - 1
                    && threads.stream().allMatch(each -> each.getState() == Thread.State.WAITING);
        }
    }

    @Test
    void closingWritesWhatWasHandedInAndRefusesTheRest() throws Exception {
        AtomicInteger names = new AtomicInteger();
        List<Future<Integer>> answers = together(() -> {
            int acknowledged = 0;
            try {
                while (true) {
                    registry.commit(put(StoredSamples.service("s" + names.incrementAndGet())));
                    acknowledged++;
                }
            } catch (StoreException closed) {
                assertThat(closed.kind()).isEqualTo(StoreException.Cause.CLOSED);
                return acknowledged;
            }
        });
        while (registry.services().size() < THREADS) {
            Thread.onSpinWait();
        }
        registry.close();
        int acknowledged = 0;
        for (Future<Integer> answer : answers) {
            acknowledged += answer.get();
        }
        assertThat(registry.services()).hasSize(acknowledged);
        assertThat(store.load().objects()).hasSize(acknowledged);
    }

    @Test
    void readersNeverSeeHalfOfACommit() throws Exception {
        Service left =
                (Service) registry.commit(put(StoredSamples.service("left"))).get(0);
        Service right =
                (Service) registry.commit(put(StoredSamples.service("right"))).get(0);
        Future<Integer> reader = callers.submit(() -> {
            int looks = 0;
            while (!Thread.currentThread().isInterrupted()) {
                List<Service> both = registry.services();
                assertThat(both.get(0).status().restarts())
                        .isEqualTo(both.get(1).status().restarts());
                looks++;
                if (both.get(0).status().restarts() == 500) {
                    return looks;
                }
            }
            return looks;
        });
        for (int i = 0; i < 500; i++) {
            List<StoredObject> written =
                    registry.commit(put(StoredSamples.restarted(left), StoredSamples.restarted(right)));
            left = (Service) written.get(0);
            right = (Service) written.get(1);
        }
        assertThat(reader.get()).isPositive();
    }
}
