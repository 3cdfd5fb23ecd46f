package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.Completeness;
import dev.berth.model.HealthReading;
import dev.berth.model.HostSnapshot;
import dev.berth.model.LimitReading;
import dev.berth.model.Listener;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.plan.Policy;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What each service's last pass had before it, where that pass left everything as it was. As long as nothing of it differs the
 * next one would do the same, but for what depends on the time, and for that a pass says itself when it is to come again.
 */
final class Calm {
    /**
     * So long that is believed without a pass. What could be overlooked is what no pass is told of: that the end of a process was
     * never told, or that a plan did not say when to look again.
     */
    static final Duration BELIEVED = Duration.ofMinutes(2);

    private final Registry registry;
    private final Supplier<Optional<HostSnapshot>> latest;
    private final BooleanSupplier uneasy;
    private final Function<ServiceKey, Policy> policy;
    private final RunLooks.Readings health;
    private final RunLooks.LimitReadings limits;
    private final LongSupplier ticker;

    // Guarded by this.
    private final Map<ServiceKey, Lasting> lasting = new HashMap<>();
    private final Set<ServiceKey> disturbed = new HashSet<>();

    /**
     * @param latest the latest look at the machine
     * @param uneasy is something under way that every pass looks at by itself?
     */
    Calm(
            Registry registry,
            Supplier<Optional<HostSnapshot>> latest,
            BooleanSupplier uneasy,
            Function<ServiceKey, Policy> policy,
            RunLooks.Readings health,
            RunLooks.LimitReadings limits,
            LongSupplier ticker) {
        this.registry = registry;
        this.latest = latest;
        this.uneasy = uneasy;
        this.policy = policy;
        this.health = health;
        this.limits = limits;
        this.ticker = ticker;
    }

    /**
     * What a pass sees. Mostly the very same objects as the last time, so that comparing them costs next to nothing.
     *
     * @param resourceVersion of everything that is stored, the service among it
     * @param said what its health check says, without what is new each time
     */
    private record Sight(
            long resourceVersion,
            Policy policy,
            List<Listener> listeners,
            Map<ProcessRef, ProcessFacts> processes,
            Completeness completeness,
            Optional<Said> said,
            Optional<LimitReading> limits) {}

    private record Said(HealthReading.Verdict verdict, String detail) {}

    private record Lasting(Sight sight, long since) {}

    /** What a pass for the service would see now; empty where it would see something that can't be compared. */
    private Optional<Sight> sight(ServiceKey key) {
        Optional<Service> service = registry.service(key);
        Optional<HostSnapshot> look = latest.get();
        if (service.isEmpty()
                || look.isEmpty()
                || uneasy.getAsBoolean()
                || registry.writeTrouble().isPresent()
                || !HealthTies.isFromOutside(service.get())) {
            return Optional.empty();
        }
        return Optional.of(new Sight(
                registry.resourceVersion(),
                policy.apply(key),
                look.get().listeners(),
                look.get().processes(),
                look.get().completeness(),
                HealthTies.running(service.get())
                        .flatMap(running -> health.reading(key, running))
                        .map(reading -> new Said(reading.verdict(), reading.detail())),
                limits.limits(service.get())));
    }

    /** A pass of a service, which returns when to look again. */
    interface Pass {
        Optional<Duration> make()
                throws ObservationException, StoreException, StaleVersionException, UnsettledException;
    }

    /** Makes the pass, and remembers whether it left everything as it was. */
    Optional<Duration> watch(ServiceKey key, Pass pass)
            throws ObservationException, StoreException, StaleVersionException, UnsettledException {
        begin(key);
        Optional<Sight> before = sight(key);
        Optional<Duration> again = pass.make();
        // What it stored, and what came to pass meanwhile, shows too.
        before.filter(seen -> sight(key).filter(seen::equals).isPresent()).ifPresent(seen -> remember(key, seen));
        return again;
    }

    private synchronized void begin(ServiceKey key) {
        lasting.remove(key);
        disturbed.remove(key);
    }

    private synchronized void remember(ServiceKey key, Sight seen) {
        if (!disturbed.remove(key)) {
            lasting.put(key, new Lasting(seen, ticker.getAsLong()));
        }
    }

    /** A pass for the service, or a dry run of one, depends on more than can be compared. */
    synchronized void disturb(ServiceKey key) {
        lasting.remove(key);
        disturbed.add(key);
    }

    /** Would a pass for the service leave everything as it is, as the last one did? */
    boolean lasts(ServiceKey key) {
        Lasting last;
        synchronized (this) {
            last = lasting.get(key);
        }
        boolean lasts = last != null
                && ticker.getAsLong() - last.since() < BELIEVED.toNanos()
                && sight(key).filter(last.sight()::equals).isPresent();
        if (last != null && !lasts) {
            forget(key, last);
        }
        return lasts;
    }

    /** An old look at the machine is not kept for what will not be asked again. */
    private synchronized void forget(ServiceKey key, Lasting outdated) {
        lasting.remove(key, outdated);
    }
}
