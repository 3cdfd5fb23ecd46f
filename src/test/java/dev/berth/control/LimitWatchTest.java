package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.LimitReading;
import dev.berth.model.LimitReading.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Samples every fifteen seconds, against thresholds. */
class LimitWatchTest {
    private static final Duration EVERY = Duration.ofSeconds(15);
    private static final long MEBIBYTE = 1 << 20;

    private final LimitWatch watch = new LimitWatch();
    private UsageRules rules = new UsageRules(
            EVERY, Optional.of(150), Optional.of(500 * MEBIBYTE), Optional.of(Duration.ofMillis(200)), false);
    private long now;

    private LimitReading see(double cores, long mebibytes, int millis) {
        now += EVERY.toNanos();
        Duration took = Duration.ofMillis(millis);
        return watch.see(
                new Usage(
                        Instant.EPOCH,
                        OptionalDouble.of(cores),
                        Duration.ZERO,
                        mebibytes * MEBIBYTE,
                        1,
                        OptionalLong.empty(),
                        1,
                        Duration.ZERO,
                        Optional.of(new Usage.ResponseTime(took, took)),
                        Optional.empty()),
                rules,
                now);
    }

    private LimitReading memory(long mebibytes) {
        return see(0, mebibytes, 0);
    }

    @Test
    void whoIsBelowAllKeepsThem() {
        assertThat(see(1.5, 500, 200))
                .isEqualTo(new LimitReading(
                        Verdict.KEPT, "WithinLimits", "it keeps within the thresholds that are set", false));
    }

    @Test
    void anExcessHasToLast() {
        assertThat(memory(100).verdict()).isEqualTo(Verdict.KEPT);
        assertThat(memory(812).verdict()).isEqualTo(Verdict.KEPT);
        assertThat(memory(812).verdict()).isEqualTo(Verdict.KEPT);
        assertThat(memory(100).verdict()).isEqualTo(Verdict.KEPT);
        assertThat(memory(812).verdict()).isEqualTo(Verdict.KEPT);
        assertThat(memory(900).verdict()).isEqualTo(Verdict.KEPT);

        assertThat(memory(812))
                .isEqualTo(
                        new LimitReading(Verdict.EXCEEDED, "MemoryExceeded", "uses 812 MB, 500 MB are allowed", false));
    }

    @Test
    void whoExceedsThemFromTheBeginningIsUndecidedUntilThen() {
        assertThat(memory(812).verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(memory(812).verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(memory(812).verdict()).isEqualTo(Verdict.EXCEEDED);
    }

    @Test
    void nothingWaversAroundAThreshold() {
        exceed();
        LimitReading told = memory(600);
        for (int i = 0; i < 20; i++) {
            assertThat(memory(i % 2 == 0 ? 460 : 540)).isEqualTo(told);
        }
        for (int i = 0; i < 20; i++) {
            assertThat(memory(460)).as("just below is not well again").isEqualTo(told);
        }
        assertThat(memory(440)).isEqualTo(told);
        assertThat(memory(440)).isEqualTo(told);
        assertThat(memory(440).verdict()).isEqualTo(Verdict.KEPT);
        for (int i = 0; i < 20; i++) {
            assertThat(memory(i % 2 == 0 ? 460 : 540).verdict()).isEqualTo(Verdict.KEPT);
        }
    }

    @Test
    void eachIsToldAndTheFirstGivesTheReason() {
        for (int i = 0; i < 3; i++) {
            see(2, 100, 812);
        }

        LimitReading seen = see(1.9, 100, 900);

        assertThat(seen.reason()).isEqualTo("CpuExceeded");
        assertThat(seen.message())
                .isEqualTo("uses 200 % of a core, 150 % are allowed;"
                        + " answers in 812 ms on average, 200 ms are allowed");
    }

    @Test
    void slownessAloneIsOneToo() {
        for (int i = 0; i < 3; i++) {
            see(0, 0, 812);
        }

        assertThat(see(0, 0, 812).reason()).isEqualTo("SlowResponses");
    }

    @Test
    void anotherThresholdIsJudgedAnew() {
        exceed();
        rules = new UsageRules(EVERY, Optional.empty(), Optional.of(1000 * MEBIBYTE), Optional.empty(), true);

        assertThat(memory(812))
                .isEqualTo(new LimitReading(
                        Verdict.KEPT, "WithinLimits", "it keeps within the thresholds that are set", true));
    }

    private void exceed() {
        for (int i = 0; i < 3; i++) {
            memory(812);
        }
        assertThat(memory(812).verdict()).isEqualTo(Verdict.EXCEEDED);
    }
}
