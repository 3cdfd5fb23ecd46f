package dev.berth.control;

import dev.berth.health.HealthCheck;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.HealthReading;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The health of one launch of a service: what was seen, and when to look next. Guarded by the monitor's lock. */
final class HealthWatch {
    /** Until it has passed, checks come after this delay, then after one that is half as long again, and so on. */
    private static final Duration FIRST_DELAY = Duration.ofMillis(50);

    private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);

    /** A check that passed within this will most likely do so again. */
    private static final Duration QUICK = Duration.ofMillis(5);

    /** So many moments of an interval there are at which checks come, those of many services together. */
    private static final int BEATS = 5;

    /** They are no further apart: a fifth of the usual interval. */
    private static final long LONGEST_BEAT_NANOS = 2_000_000_000L;

    private final String launch;
    private final HealthCheckSpec spec;
    private final HealthTally tally;
    private final long since;
    private HealthCheck.Context context;
    private long due;
    private long started;
    private Duration delay = FIRST_DELAY;
    private boolean quick;
    private Optional<HealthReading> latest = Optional.empty();

    /** @param now by the ticker, as in all methods */
    HealthWatch(String launch, HealthCheckSpec spec, HealthCheck.Context context, long now) {
        this.launch = launch;
        this.spec = spec;
        this.context = context;
        this.tally = new HealthTally(spec);
        this.since = now;
        this.due = now;
        this.started = now;
    }

    boolean isOf(String otherLaunch, HealthCheckSpec otherSpec) {
        return launch.equals(otherLaunch) && spec.equals(otherSpec);
    }

    boolean isOfLaunch(String otherLaunch) {
        return launch.equals(otherLaunch);
    }

    HealthCheckSpec spec() {
        return spec;
    }

    HealthCheck.Context context() {
        return context;
    }

    void around(HealthCheck.Context now) {
        context = now;
    }

    Optional<HealthReading> latest() {
        return latest;
    }

    /** Has its service passed the latest check, in a moment? */
    boolean isQuick() {
        return quick;
    }

    /** When the next check is due. */
    long due() {
        return due;
    }

    /** How long until the next check; zero or less when it is due. */
    Duration untilDue(long now) {
        return Duration.ofNanos(due - now);
    }

    /** Something changed about its port: one that has never passed is checked now. False when nothing comes of it. */
    boolean hurry(long now) {
        if (tally.everPassed()) {
            return false;
        }
        due = now;
        return true;
    }

    /** A check begins now; says when the next one is due. */
    void begin(Duration interval, RandomGenerator random, long now) {
        // Those that a pause of the machine has made late come all at once, and are to part again.
        boolean late = now - due >= beat(interval);
        started = now;
        if (tally.everPassed()) {
            due = late ? byChance(interval, random, now) : onBeat(now + interval.toNanos(), interval);
            return;
        }
        due = now + shorter(delay, interval).toNanos();
        delay = shorter(delay.multipliedBy(3).dividedBy(2), LONGEST_DELAY);
    }

    /** @return whether the verdict changed */
    boolean settle(HealthCheck.Result result, Instant at, Duration interval, RandomGenerator random, long now) {
        boolean first = !tally.everPassed();
        quick = result.healthy() && result.took().compareTo(QUICK) < 0;
        HealthReading.Verdict before = tally.verdict();
        tally.add(result.healthy(), Duration.ofNanos(now - since), interval);
        if (first && tally.everPassed()) {
            // From a burst of starts to checks that are spread over the whole interval.
            due = byChance(interval, random, started);
        }
        latest = Optional.of(new HealthReading(tally.verdict(), result.detail(), result.took(), at, tally.inARow()));
        return tally.verdict() != before;
    }

    /** The interval may have become shorter since. */
    boolean hurry(Duration interval, long now) {
        if (due - now <= interval.toNanos()) {
            return false;
        }
        due = now + interval.toNanos();
        return true;
    }

    /** At some beat of the interval that begins then. */
    private static long byChance(Duration interval, RandomGenerator random, long from) {
        return onBeat(from + random.nextLong(beat(interval), interval.toNanos() + 1), interval);
    }

    /**
     * The beat before it, at which those of other services come too: what one check has brought into the processor's caches the
     * next one finds there, and costs half as much.
     */
    private static long onBeat(long due, Duration interval) {
        return due - Math.floorMod(due, beat(interval));
    }

    /** In nanoseconds. */
    private static long beat(Duration interval) {
        return Math.min(LONGEST_BEAT_NANOS, Math.max(1, interval.toNanos() / BEATS));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
