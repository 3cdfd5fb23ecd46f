package dev.berth.control;

import dev.berth.health.HealthCheck;
import dev.berth.host.HostObserver;
import dev.berth.host.Launcher;
import dev.berth.host.OwnerStop;
import dev.berth.host.PortHold;
import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessMeter;
import dev.berth.host.ProcessTable;
import dev.berth.host.TrafficMeter;
import dev.berth.launch.Preparation;
import dev.berth.plan.BerthIdentity;
import dev.berth.plan.Policy;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Everything outside that the loop works with. Each member is safe for use by many threads.
 *
 * @param store for reads of history only; every write goes through the registry
 * @param portRights for whom {@code holds} may be used
 * @param checks by kind
 * @param healthInterval between the checks of services that don't say so, as it is now
 * @param usageRules how use is measured, as the settings say now
 * @param policy the settings as they are now; asked once per pass
 * @param clock for what is recorded
 * @param ticker monotonic nanoseconds, for delays; never compared with {@code clock}
 * @param ids makes identifiers that sort by time (ULID), never the same one twice
 */
public record Surroundings(
        Registry registry,
        Store store,
        HostObserver observer,
        ProcessControl processes,
        PortHold holds,
        PortRights portRights,
        OwnerStop owners,
        Launcher launcher,
        Map<String, HealthCheck> checks,
        Supplier<Duration> healthInterval,
        ProcessTable table,
        ProcessMeter meter,
        TrafficMeter traffic,
        Supplier<UsageRules> usageRules,
        Preparation launches,
        LastLines lastLines,
        PlanMaker planner,
        Supplier<Policy> policy,
        BerthIdentity berth,
        InstantSource clock,
        LongSupplier ticker,
        Supplier<String> ids,
        DecisionLog log) {
    public Surroundings {
        checks = Map.copyOf(checks);
    }
}
