package dev.berth.sim;

import dev.berth.control.ControlPlane;
import dev.berth.control.DecisionLog;
import dev.berth.control.LastLines;
import dev.berth.control.Limits;
import dev.berth.control.PlanMaker;
import dev.berth.control.PortRights;
import dev.berth.control.Surroundings;
import dev.berth.control.UsageRules;
import dev.berth.host.TrafficMeter;
import dev.berth.model.Marker;
import dev.berth.model.ServiceKey;
import dev.berth.plan.Policy;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** One run of the real Berth on the simulated machine: everything in its memory, gone with its end. */
final class Berth {
    final FakeHost host;
    final ControlPlane plane;
    final JournalRegistry registry;

    private Berth(FakeHost host, ControlPlane plane, JournalRegistry registry) {
        this.host = host;
        this.plane = plane;
        this.registry = registry;
    }

    /** What outlives a crash, and what is given from outside. */
    record Environment(
            VirtualTime time,
            MemoryStore store,
            PlanMaker planner,
            Supplier<Policy> policy,
            Supplier<String> ids,
            DecisionLog log,
            Sabotage sabotage,
            int queueCapacity) {}

    /**
     * Starts it on what the store remembers.
     *
     * @throws StoreException when the store can't be read; it must be tried again later
     */
    static Berth boot(Environment from, FakeHost host, long jitter) throws StoreException {
        JournalRegistry registry =
                JournalRegistry.open(from.store(), from.time(), from.time()::monotonic, Runnable::run);
        Limits usual = Limits.defaults();
        Limits limits = new Limits(
                usual.workers(),
                from.queueCapacity(),
                usual.backoffFirst(),
                Duration.ofSeconds(5),
                usual.rounds(),
                usual.lookAge());
        ControlPlane plane = new ControlPlane(
                new Surroundings(
                        from.sabotage().registry(registry),
                        from.store(),
                        from.sabotage().observer(host),
                        from.sabotage().control(host),
                        from.sabotage().holds(host),
                        PortRights.privileged(() -> Users.FIRST_UNPRIVILEGED, user -> user.uid() != Users.EVE),
                        host.ownerStop,
                        from.sabotage().launcher(host),
                        Map.of(FakeHealthCheck.KIND, host.health),
                        () -> Duration.ofSeconds(10),
                        from.sabotage().table(host),
                        processes -> Map.of(),
                        TrafficMeter.NONE,
                        () -> new UsageRules(Duration.ofSeconds(15)),
                        host.launches,
                        new LastLines() {
                            @Override
                            public void begin(ServiceKey service) {
                                // The machine tells of each service what its latest process said.
                            }

                            @Override
                            public List<String> of(ServiceKey service) {
                                return host.machine.lastSaid(Marker.of(service, BerthProcess.INSTALLATION)).stream()
                                        .toList();
                            }
                        },
                        from.sabotage().planner(from.planner()),
                        from.policy(),
                        host.berth.identity(from.time().instant()),
                        from.time(),
                        from.time()::monotonic,
                        from.ids(),
                        from.log()),
                limits,
                Runnable::run,
                new SplittableRandom(jitter));
        plane.loop().recover();
        return new Berth(host, plane, registry);
    }

    /** Its process is gone; whatever it had begun stays as it is. */
    void die() {
        host.close();
    }
}
