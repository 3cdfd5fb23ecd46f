package dev.berth.api;

import java.time.Duration;
import java.time.Instant;

/**
 * The span of time that a request asks about: {@code since} and {@code until}, each a time or how long ago. Of what is to come and
 * of the time before 1970 nothing is known: it ends now at the latest, and begins then at the earliest.
 */
record Period(Instant since, Instant until) {
    /** @param usual how long it is when {@code since} is not said */
    static Period of(Query query, Instant now, Duration usual) {
        Instant until = query.time("until", now).filter(now::isAfter).orElse(now);
        Instant since = query.since(now).map(Period::known).orElse(until.minus(usual));
        if (!since.isBefore(until)) {
            query.fault("until", "a time after since, which is " + Wire.time(since), Wire.time(until));
        }
        return new Period(since, until);
    }

    private static Instant known(Instant since) {
        return since.isBefore(Instant.EPOCH) ? Instant.EPOCH : since;
    }

    Duration length() {
        return Duration.between(since, until);
    }

    /** Where the first step begins: steps are counted from 1970, so that a plot that moves on keeps its points. */
    Instant firstStep(Duration step) {
        long seconds = since.getEpochSecond();
        return Instant.ofEpochSecond(seconds - Math.floorMod(seconds, step.toSeconds()));
    }

    /** How many there are until the end is reached. */
    long steps(Duration step) {
        long seconds = Duration.between(firstStep(step), until).toSeconds();
        return Math.max(1, -Math.floorDiv(-seconds, step.toSeconds()));
    }
}
