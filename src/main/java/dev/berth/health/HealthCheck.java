package dev.berth.health;

import dev.berth.model.HealthCheckSpec;
import java.time.Duration;

/** One kind of health check; users' own are found with {@code ServiceLoader} by {@link #kind}. */
public interface HealthCheck {
    /** The word by which a declaration names it, such as {@code http}. */
    String kind();

    /** Looks once, within {@code spec.timeout()}. Never throws for an unhealthy service. */
    Result check(HealthCheckSpec spec);

    /**
     * @param healthy whether the service passed
     * @param detail what was seen, for people: {@code 200}, {@code connection refused}
     * @param took how long the answer took
     */
    record Result(boolean healthy, String detail, Duration took) {}
}
