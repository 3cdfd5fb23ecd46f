package dev.berth.sim;

import dev.berth.health.HealthCheck;
import dev.berth.model.HealthCheckSpec;
import java.time.Duration;

/** Asks the simulated program itself how it is: it is well when it listens where it was told to, and is not sick. */
final class FakeHealthCheck implements HealthCheck {
    static final String KIND = "sim";

    private static final Duration TOOK = Duration.ofMillis(3);

    private final Machine machine;
    private final Seam seam;

    FakeHealthCheck(Machine machine, Seam seam) {
        this.machine = machine;
        this.seam = seam;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Result check(HealthCheckSpec spec, Context context) {
        return seam.reading(() -> {
            if (seam.strikes(SimFault.HEALTH_CHECK_HANGS)) {
                machine.time.advance(spec.timeout());
                return new Result(false, "no answer within the timeout", spec.timeout());
            }
            if (seam.strikes(SimFault.HEALTH_CHECK_FAILS)) {
                return new Result(false, "503", TOOK);
            }
            boolean well = isWell(context);
            return new Result(well, well ? "200" : "500", TOOK);
        });
    }

    private boolean isWell(Context context) {
        String port = context.environment().getOrDefault(FakeLaunches.PORT, "");
        return machine.processes().stream()
                .filter(process -> process.alive() && !process.program.habits().sick())
                .flatMap(process -> process.sockets.stream())
                .anyMatch(socket ->
                        socket.listening && Integer.toString(socket.port).equals(port));
    }
}
