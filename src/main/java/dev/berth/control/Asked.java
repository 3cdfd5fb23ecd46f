package dev.berth.control;

import dev.berth.model.ServiceKey;
import dev.berth.plan.Policy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Services whose conflicts a person wants settled now, although the settings only report. Memory only: asking again is easy. */
final class Asked {
    /** Long enough for every grace period that people set; then the settings count again. */
    static final Duration LASTS = Duration.ofMinutes(5);

    private final Supplier<Policy> policy;
    private final LongSupplier ticker;
    private final Map<ServiceKey, Long> since = new ConcurrentHashMap<>();

    Asked(Supplier<Policy> policy, LongSupplier ticker) {
        this.policy = policy;
        this.ticker = ticker;
    }

    void resolve(ServiceKey service) {
        since.put(service, ticker.getAsLong());
    }

    /** The settings as they count for this service now. */
    Policy policyFor(ServiceKey service) {
        Policy settings = policy.get();
        Long asked = since.get(service);
        if (asked == null) {
            return settings;
        }
        if (ticker.getAsLong() - asked > LASTS.toNanos()) {
            since.remove(service, asked);
            return settings;
        }
        return settings.resolving();
    }
}
