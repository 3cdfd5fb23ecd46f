package dev.berth.health;

import dev.berth.model.HealthCheckSpec;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Passes when a connection is accepted. It is closed again at once, in the ordinary way, so that no server sees an error. */
public final class TcpCheck implements HealthCheck {
    public static final String KIND = "tcp";

    private final LongSupplier ticker;

    /** @param ticker monotonic nanoseconds */
    public TcpCheck(LongSupplier ticker) {
        this.ticker = ticker;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Result check(HealthCheckSpec spec, Context context) {
        Deadline deadline = Deadline.in(spec.timeout(), ticker);
        Optional<Endpoint> endpoint = Endpoint.parse(spec.target());
        if (endpoint.isEmpty()) {
            return new Result(false, "\"" + spec.target() + "\" is neither a port nor host:port", deadline.elapsed());
        }
        try (TimedSocket socket =
                TimedSocket.connect(endpoint.get().host(), endpoint.get().port(), deadline)) {
            return new Result(true, "connected to port " + socket.getPort(), deadline.elapsed());
        } catch (IOException e) {
            return new Result(false, Reasons.of(e, spec.timeout()), deadline.elapsed());
        }
    }
}
