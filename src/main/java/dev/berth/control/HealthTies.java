package dev.berth.control;

import dev.berth.health.HealthCheck.Context;
import dev.berth.launch.Launches.Prepared;
import dev.berth.launch.Preparation;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.Launch;
import dev.berth.model.Service;
import dev.berth.plan.Policy;
import dev.berth.store.Registry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/** Lets the health of exactly those services be checked whose program runs. */
final class HealthTies {
    /** Kinds that look from outside and need nothing of what the service finds around it. */
    private static final Set<String> FROM_OUTSIDE = Set.of("http", "tcp");

    private final Registry registry;
    private final Preparation launches;
    private final HealthMonitor health;
    private final Supplier<Policy> policy;

    HealthTies(Registry registry, Preparation launches, HealthMonitor health, Supplier<Policy> policy) {
        this.registry = registry;
        this.launches = launches;
        this.health = health;
        this.policy = policy;
    }

    void tie(Service service) {
        Optional<String> running = running(service);
        if (running.isEmpty()
                || service.status().runOrNone().stop().isPresent()
                || service.spec().healthCheck().isEmpty()) {
            health.unwatch(service.key());
            return;
        }
        List<Service> all = registry.services();
        Optional<HealthCheckSpec> check = launches.healthCheck(service, all)
                .map(each -> each.withStartPeriod(policy.get().startPeriod(each.startPeriod())));
        check.ifPresent(resolved ->
                health.watch(service.key(), running.get(), resolved, context(service, all, running.get(), resolved)));
    }

    /** Does its check, if it has one, need nothing of what the service finds around it? */
    static boolean isFromOutside(Service service) {
        return service.spec()
                .healthCheck()
                .map(HealthCheckSpec::kind)
                .filter(kind -> !FROM_OUTSIDE.contains(kind))
                .isEmpty();
    }

    /** What is checked: the service's launch, by its id, or the process that was adopted in the place of one. */
    static Optional<String> running(Service service) {
        Optional<Launch> launch = service.status().runOrNone().launch();
        if (service.status().process().isEmpty()
                || (launch.isEmpty() && service.spec().isObserved())) {
            return Optional.empty();
        }
        return launch.isPresent()
                ? launch.filter(each ->
                                each.step() == Launch.Step.SERVICE && each.act().isEmpty())
                        .map(Launch::id)
                : service.status().process().map(process -> process.pid() + "@" + process.startTicks());
    }

    private Context context(Service service, List<Service> all, String running, HealthCheckSpec check) {
        OptionalInt port = service.status().port();
        if (FROM_OUTSIDE.contains(check.kind())) {
            return new Context(Map.of(), Optional.empty(), Optional.empty(), port);
        }
        if (launches.prepare(service, all, Launch.Step.SERVICE, running) instanceof Prepared.Ready ready) {
            return new Context(
                    ready.spec().environment(),
                    Optional.of(ready.spec().workingDirectory()),
                    Optional.of(ready.spec().rights()),
                    port);
        }
        return new Context(Map.of(), Optional.empty(), launches.rights(service), port);
    }
}
