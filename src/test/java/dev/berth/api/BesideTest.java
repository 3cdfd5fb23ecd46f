package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Part of a call is done once, by whoever can. */
class BesideTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final Beside beside = new Beside(threads::add);
    private final AtomicInteger done = new AtomicInteger();

    private Beside.Work<Integer> begin() {
        return beside.begin(pointless -> done.incrementAndGet());
    }

    @Test
    void whatAnotherThreadHasDoneIsDone() {
        try (Beside.Work<Integer> work = begin()) {
            assertThat(done).hasValue(0);
            threads.remove().run();
            assertThat(work.get()).isEqualTo(1);
            assertThat(done).hasValue(1);
        }
    }

    @Test
    void whatNoThreadHasBegunTheCallerDoes() {
        try (Beside.Work<Integer> work = begin()) {
            assertThat(work.get()).isEqualTo(1);
            threads.remove().run();
            assertThat(done).as("once").hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutAThreadNothingIsLost(boolean memory) {
        Beside alone = new Beside(task -> {
            if (memory) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            throw new RejectedExecutionException("closed");
        });
        for (int i = 0; i <= Beside.MOST_AT_ONCE; i++) {
            try (Beside.Work<String> work = alone.begin(pointless -> "done")) {
                assertThat(work.get()).isEqualTo("done");
            }
        }
    }

    @Test
    void noMoreThreadsThanAFewAreBusy() {
        List<Beside.Work<Integer>> begun = new ArrayList<>();
        for (int i = 0; i < Beside.MOST_AT_ONCE + 2; i++) {
            begun.add(begin());
        }
        assertThat(threads).hasSize(Beside.MOST_AT_ONCE);
        threads.remove().run();
        begun.add(begin());
        assertThat(threads).as("one has ended").hasSize(Beside.MOST_AT_ONCE);

        assertThat(begun).allSatisfy(work -> assertThat(work.get()).isPositive());
        assertThat(done).hasValue(begun.size());
        begun.forEach(Beside.Work::close);
    }

    @Test
    void whatNobodyWantsAnyMoreIsToldSo() {
        List<Boolean> pointless = new ArrayList<>();
        try (Beside.Work<Boolean> work = beside.begin(told -> pointless.add(told.getAsBoolean()))) {
            assertThat(work).isNotNull();
        }
        threads.remove().run();
        assertThat(pointless).containsExactly(true);
    }

    @Test
    void aDefectInItIsTheCallersToMeet() {
        try (Beside.Work<Integer> work = beside.begin(pointless -> {
            throw new IllegalArgumentException("a defect");
        })) {
            threads.remove().run();
            assertThatThrownBy(work::get).hasRootCauseMessage("a defect");
        }
    }
}
