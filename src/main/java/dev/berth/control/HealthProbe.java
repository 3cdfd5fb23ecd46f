package dev.berth.control;

import dev.berth.health.HealthCheck;
import dev.berth.health.HealthCheck.Result;
import dev.berth.model.HealthCheckSpec;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** Carries out single checks. Whatever a plugin does, it comes to a result that can be shown. */
final class HealthProbe {
    /** More than anybody reads in a table, in characters. */
    private static final int LONGEST_DETAIL = 200;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final Map<String, HealthCheck> checks;
    private final LongSupplier ticker;

    /** @param checks by kind */
    HealthProbe(Map<String, HealthCheck> checks, LongSupplier ticker) {
        this.checks = Map.copyOf(checks);
        this.ticker = ticker;
    }

    Result look(HealthCheckSpec spec, HealthCheck.Context context) {
        long begun = ticker.getAsLong();
        String failure;
        HealthCheck check = checks.get(spec.kind());
        if (check == null) {
            failure = "there is no health check \"" + spec.kind() + "\": is its jar still among the plugins?";
        } else {
            try {
                return presentable(check.check(spec, context));
            } catch (NullPointerException | ClassCastException | LinkageError | StackOverflowError e) {
                // Their messages name classes.
                failure = "the check \"" + spec.kind() + "\" broke off, which is a fault of its jar";
            } catch (RuntimeException e) {
                failure = "the check \"" + spec.kind() + "\" broke off: " + e.getMessage();
            }
        }
        return presentable(new Result(false, failure, Duration.ofNanos(ticker.getAsLong() - begun)));
    }

    /** What servers and commands say may hold anything; a detail is a short line. */
    private static Result presentable(Result result) {
        String line = CONTROL.matcher(result.detail()).replaceAll(" ").strip();
        return new Result(
                result.healthy(),
                line.length() <= LONGEST_DETAIL ? line : line.substring(0, LONGEST_DETAIL - 1) + "…",
                result.took());
    }
}
