package dev.berth.control;

import dev.berth.model.HealthCheckSpec;
import dev.berth.model.HealthReading.Verdict;
import java.time.Duration;

/** What follows from the results of one launch, one after the other. */
final class HealthTally {
    private final HealthCheckSpec spec;
    private Verdict verdict = Verdict.UNDECIDED;
    private boolean everPassed;
    private boolean everHealthy;
    private boolean lastHealthy;
    private int inARow;
    /** Failures in a row that count, and when the last of them was. */
    private int counted;

    private Duration countedAt = Duration.ZERO;

    HealthTally(HealthCheckSpec spec) {
        this.spec = spec;
    }

    /**
     * @param age how long the launch had been watched then
     * @param pace how long apart two failures have to be for both to count, as long as it has not passed: until then checks
     *     come much faster than was declared, and a service is not to fail faster for it
     */
    void add(boolean healthy, Duration age, Duration pace) {
        inARow = healthy == lastHealthy ? inARow + 1 : 1;
        lastHealthy = healthy;
        if (healthy) {
            everHealthy = true;
            counted = 0;
            if (inARow >= spec.successes()) {
                everPassed = true;
                verdict = Verdict.PASSING;
            }
        } else if (counts(age, pace)) {
            counted++;
            countedAt = age;
            if (counted >= spec.failures()) {
                verdict = Verdict.FAILING;
            }
        }
    }

    private boolean counts(Duration age, Duration pace) {
        if (everPassed) {
            return true;
        }
        boolean starting = !everHealthy && age.compareTo(spec.startPeriod()) < 0;
        return !starting && (counted == 0 || age.minus(countedAt).compareTo(pace) >= 0);
    }

    Verdict verdict() {
        return verdict;
    }

    int inARow() {
        return inARow;
    }

    /** Was it ever PASSING? */
    boolean everPassed() {
        return everPassed;
    }
}
