package dev.berth.health;

import dev.berth.host.CommandRunner;
import dev.berth.host.CommandRunner.Order;
import dev.berth.host.CommandRunner.Ran;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.Marker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Passes when a shell command returns 0. It runs as the service would, in its directory and with its environment, and nothing
 * of it is left afterwards.
 */
public final class CommandCheck implements HealthCheck {
    public static final String KIND = "command";

    private static final Path ANYWHERE = Path.of("/");

    private final LongSupplier ticker;
    private final CommandRunner commands;

    /** @param ticker monotonic nanoseconds */
    public CommandCheck(LongSupplier ticker, CommandRunner commands) {
        this.ticker = ticker;
        this.commands = commands;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Result check(HealthCheckSpec spec, Context context) {
        Deadline deadline = Deadline.in(spec.timeout(), ticker);
        Map<String, String> environment = new HashMap<>(context.environment());
        // It looks at the service; it is no part of it, and must not be taken for one.
        environment.keySet().removeAll(Set.of(Marker.SERVICE, Marker.LAUNCH));
        if (context.rights().isEmpty()) {
            return new Result(false, "not run: whose rights it should have is not known", deadline.elapsed());
        }
        Ran ran = commands.run(new Order(
                spec.target(),
                context.workingDirectory().orElse(ANYWHERE),
                environment,
                spec.timeout(),
                context.rights().get()));
        boolean healthy = ran instanceof Ran.Ended ended && ended.status() == 0;
        return new Result(healthy, detail(ran, spec.timeout()), deadline.elapsed());
    }

    private static String detail(Ran ran, Duration timeout) {
        if (ran instanceof Ran.Ended ended) {
            return ended.lastLine().isEmpty() ? "exit status " + ended.status() : ended.lastLine();
        }
        if (ran instanceof Ran.Left left) {
            return "the check left processes that can't be ended: " + left.processes();
        }
        return ran instanceof Ran.NotRun notRun ? notRun.reason() : Reasons.noAnswer(timeout);
    }
}
