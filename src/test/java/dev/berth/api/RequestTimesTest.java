package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequestTimesTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RequestTimes times = new RequestTimes(0);

    private void request(long second) {
        times.bytes(second * SECOND);
        times.headers();
        times.complete();
    }

    private boolean isOverdue(long second) {
        return times.overdue(second * SECOND, LIMIT).isPresent();
    }

    @Test
    void aRequestHasItsTimeFromTheFirstByteHoweverOftenAnotherOneComes() {
        times.bytes(10 * SECOND);
        for (int second = 11; second <= 40; second++) {
            times.bytes(second * SECOND);
            assertThat(isOverdue(second)).as("after %d s", second - 10).isFalse();
        }
        assertThat(isOverdue(41)).isTrue();
    }

    @Test
    void aBodyCountsToItsRequest() {
        times.bytes(0);
        times.headers();
        times.bytes(29 * SECOND);
        assertThat(isOverdue(31)).isTrue();
    }

    @Test
    void anAnswerMayTakeForEver() {
        request(0);
        assertThat(isOverdue(100_000)).isFalse();
        times.answered(100_000 * SECOND);
        assertThat(isOverdue(100_001)).isFalse();
    }

    @Test
    void whoSaysNothingAtFirstHasLessTimeThanWhoHasAsked() {
        assertThat(isOverdue(30)).isFalse();
        assertThat(isOverdue(31)).isTrue();
        request(0);
        times.answered(SECOND);
        assertThat(isOverdue(1 + RequestTimes.IDLE.toSeconds())).isFalse();
        assertThat(isOverdue(2 + RequestTimes.IDLE.toSeconds())).isTrue();
    }

    @Test
    void whoReadsSlowlyIsServedAndWhoReadsNothingIsNot() {
        request(0);
        for (int second = 1; second < 1000; second++) {
            times.unsent(1_000_000 - second, second * SECOND);
            assertThat(isOverdue(second)).isFalse();
        }
        long last = 999;
        times.unsent(1_000_000 - last, (last + RequestTimes.STALLED.toSeconds() + 1) * SECOND);
        assertThat(isOverdue(last + RequestTimes.STALLED.toSeconds() + 1)).isTrue();
    }

    @Test
    void oneOfSeveralAnswersDoesNotEndTheWaitForTheOthers() {
        request(0);
        request(1);
        times.answered(2 * SECOND);
        assertThat(isOverdue(100_000)).isFalse();
    }
}
