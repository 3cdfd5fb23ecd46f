package dev.berth.plan;

import dev.berth.model.Condition;
import dev.berth.model.Exit;
import dev.berth.model.Launch;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.plan.Action.RecordExit.Blame;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What follows from the end of a process that nobody asked for: when the next one starts, or that none does. */
public final class Restarts {
    /** Ready for this long, and what went wrong before counts no more. */
    public static final Duration FORGIVEN_AFTER = Duration.ofMinutes(1);

    /** Before the second restart; the first one comes at once, each further one after twice as long. */
    private static final Duration FIRST_DELAY = Duration.ofMillis(500);

    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    /** Between two tries to start on a port that somebody else took meanwhile. */
    private static final Duration PORT_DELAY = Duration.ofMillis(250);

    private Restarts() {}

    /**
     * The account of the service after its process ended.
     *
     * @param jitter from 0 to 1
     */
    public static Run after(Service service, Exit exit, Blame blame, Instant now, double jitter) {
        Run before = service.status().runOrNone();
        Run ended = before.ended(exit);
        long generation = service.metadata().generation();
        // Those of an earlier declaration are none of this one's.
        int failures = isForgiven(service, now) || before.generation() != generation ? 0 : before.failures();
        if (before.launch()
                .filter(launch -> launch.step() == Launch.Step.INSTALL)
                .isPresent()) {
            if (exit.status().orElse(1) == 0) {
                return ended.withInstalled(before.launch().map(Launch::fingerprint));
            }
            return blame == Blame.REPLACED
                    ? ended
                    : ended.failed(failures, Optional.empty(), Optional.of("install " + exit.words()), generation);
        }
        if (blame == Blame.REPLACED) {
            return ended;
        }
        if (blame == Blame.PORT_TAKEN) {
            return ended.failed(failures, Optional.of(now.plus(PORT_DELAY)), Optional.empty(), generation);
        }
        if (!service.spec().autoRestart()) {
            return ended.failed(
                    failures,
                    Optional.empty(),
                    Optional.of("it " + exit.words() + ", and autoRestart is off"),
                    generation);
        }
        if (failures >= service.spec().maxRestarts()) {
            return ended.failed(
                    failures,
                    Optional.empty(),
                    Optional.of("it " + exit.words() + " after " + failures + " restarts in a row, which is all that"
                            + " maxRestarts allows"),
                    generation);
        }
        return ended.failed(failures + 1, Optional.of(now.plus(delay(failures, jitter))), Optional.empty(), generation);
    }

    /**
     * The account of a service that is restarted because it exceeds a threshold: it counts as if it had failed, so that it
     * can't go on for ever.
     */
    static Run afterExcess(Service service, Instant now, double jitter) {
        Run before = service.status().runOrNone();
        return before.failed(
                before.failures() + 1,
                Optional.of(now.plus(delay(before.failures(), jitter))),
                Optional.empty(),
                service.metadata().generation());
    }

    /** Has it been Ready for so long that earlier failures count no more? */
    static boolean isForgiven(Service service, Instant now) {
        return service.status()
                .condition(Condition.READY)
                .filter(ready -> ready.status() == Condition.Status.TRUE
                        && !now.isBefore(ready.lastTransitionTime().plus(FORGIVEN_AFTER)))
                .isPresent();
    }

    /** A quarter more or less, so that services that fell together don't start together. */
    static Duration delay(int failures, double jitter) {
        if (failures == 0) {
            return Duration.ZERO;
        }
        long doubled = FIRST_DELAY.toMillis() << Math.min(failures - 1, 20);
        long bounded = Math.min(doubled, LONGEST_DELAY.toMillis());
        return Duration.ofMillis(Math.round(bounded * (0.75 + jitter / 2)));
    }
}
