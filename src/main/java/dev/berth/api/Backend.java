package dev.berth.api;

import dev.berth.config.SettingCatalog;
import dev.berth.config.Settings;
import dev.berth.config.SpecRules;
import dev.berth.control.Authority;
import dev.berth.control.ControlPlane;
import dev.berth.control.UsageHistory;
import dev.berth.launch.Launches;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What stands behind the resources. The wiring makes one.
 *
 * @param store for history only; every change goes through {@code control}
 * @param history what was measured of services
 * @param launches for what services are told and what they lack; starting is up to {@code control}
 * @param settings as they are now
 * @param strategies the names of those that exist, plugins' included
 * @param healthChecks the kinds that exist, plugins' included
 * @param authority who may do what
 * @param beside for what is done while a call goes on
 */
public record Backend(
        ControlPlane control,
        Registry registry,
        Store store,
        UsageHistory history,
        Launches launches,
        Supplier<Settings> settings,
        Set<String> strategies,
        Set<String> healthChecks,
        Authority authority,
        Beside beside,
        InstantSource clock) {
    public Backend {
        strategies = Set.copyOf(strategies);
        healthChecks = Set.copyOf(healthChecks);
    }

    /** What is declared of a service; empty when there is none. */
    Optional<ServiceSpec> declaredSpec(ServiceKey key) {
        return registry.service(key).map(Service::spec);
    }

    Permissions permissions() {
        return new Permissions(this);
    }

    /** The rules for reading declarations. */
    SpecRules specRules() {
        return new SpecRules(
                strategies, healthChecks, settings.get().get(SettingCatalog.BIND_HOSTS), SpecRules.BUILT_IN.base());
    }
}
