package dev.berth.health;

import dev.berth.host.Rights;
import dev.berth.model.HealthCheckSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** One kind of health check; users' own are found with {@code ServiceLoader} by {@link #kind}. */
public interface HealthCheck {
    /** The word by which a declaration names it, such as {@code http}. */
    String kind();

    /**
     * Looks once and returns within {@code spec.timeout()}. May be called by many threads. An unhealthy service is a
     * result, never an exception.
     */
    Result check(HealthCheckSpec spec, Context context);

    /**
     * What the service itself would find around it.
     *
     * @param environment the whole of it, the assigned ports included
     * @param rights those that the service has; empty when they are not known, and then nothing may be run for it
     * @param port the one that it was assigned
     */
    record Context(
            Map<String, String> environment,
            Optional<Path> workingDirectory,
            Optional<Rights> rights,
            OptionalInt port) {
        public Context {
            environment = Map.copyOf(environment);
        }
    }

    /**
     * @param healthy whether the service passed
     * @param detail what was seen, for people: {@code 200}, {@code connection refused}
     * @param took how long the answer took
     */
    record Result(boolean healthy, String detail, Duration took) {
        public Result {
            Objects.requireNonNull(detail, "a result says what was seen");
            Objects.requireNonNull(took, "a result says how long the answer took");
        }
    }
}
