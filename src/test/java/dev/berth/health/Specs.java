package dev.berth.health;

import dev.berth.host.Rights;
import dev.berth.model.HealthCheckSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Declarations for tests. */
final class Specs {
    static final HealthCheck.Context NOTHING =
            new HealthCheck.Context(Map.of(), Optional.empty(), Optional.of(Rights.OWN), OptionalInt.empty());

    private Specs() {}

    static HealthCheckSpec of(String kind, String target, Duration timeout) {
        return http(kind, target, timeout, Optional.empty(), Optional.empty());
    }

    static HealthCheckSpec http(
            String kind, String target, Duration timeout, Optional<String> status, Optional<String> body) {
        return new HealthCheckSpec(kind, target, Optional.empty(), timeout, Duration.ZERO, 1, 1, status, body);
    }
}
