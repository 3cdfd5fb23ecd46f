package dev.berth.control;

import dev.berth.health.HealthCheck;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.ServiceKey;

/** A check under way. Guarded by the monitor's lock, but for what never changes. */
final class HealthFlight {
    private final ServiceKey key;
    private final HealthWatch watch;
    private final HealthCheck.Context context;
    private final boolean quick;
    private long end;
    private boolean awaited;
    private boolean givenUp;

    /** @param end as {@link #end} */
    HealthFlight(ServiceKey key, HealthWatch watch, long end) {
        this.key = key;
        this.watch = watch;
        this.context = watch.context();
        this.quick = watch.isQuick();
        this.end = end;
    }

    ServiceKey key() {
        return key;
    }

    HealthWatch watch() {
        return watch;
    }

    HealthCheckSpec spec() {
        return watch.spec();
    }

    HealthCheck.Context context() {
        return context;
    }

    /** Will it be through in a moment, as far as can be told beforehand? */
    boolean isQuick() {
        return quick;
    }

    /** When it is given up, by the ticker. */
    long end() {
        return end;
    }

    void endsAt(long then) {
        end = then;
    }

    /** The next check is due meanwhile, and wanted when this one has ended. */
    void await() {
        awaited = true;
    }

    boolean isAwaited() {
        return awaited;
    }

    void giveUp() {
        givenUp = true;
    }

    boolean isGivenUp() {
        return givenUp;
    }
}
