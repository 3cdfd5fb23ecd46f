package dev.berth.sim;

import dev.berth.control.DecisionLog;
import dev.berth.control.Declaration;
import dev.berth.control.Freed;
import dev.berth.model.AuditRecord;
import dev.berth.model.Conflict;
import dev.berth.model.PortKey;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import dev.berth.plan.Planner;
import dev.berth.plan.Policy;
import dev.berth.store.MemoryStore;
import dev.berth.store.Store;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** One machine with one Berth for a test that tells a story: everything happens when the test lets time pass. */
final class Scene {
    private static final Duration TICK = Duration.ofMillis(250);
    private static final int TICKS_PER_RESYNC = 4;

    final VirtualTime time = new VirtualTime();
    final Machine machine = new Machine(time, new Chance(7));
    final SimProcess shell = machine.start(Program.named("bash"), Users.DEV, machine.init);
    final MemoryStore store = new MemoryStore();
    final List<String> said = new ArrayList<>();
    Policy policy = Policy.defaults();
    FakeHost host;
    Berth berth;
    private final Sabotage sabotage;
    private long nextTick;
    private int ticks;
    private long ids;

    Scene() {
        this(Sabotage.NONE);
    }

    Scene(Sabotage sabotage) {
        this.sabotage = sabotage;
        host = newHost();
        berth = boot();
    }

    private FakeHost newHost() {
        return new FakeHost(machine, BerthProcess.start(machine, shell, Users.DEV), Faults.none());
    }

    private Berth boot() {
        Berth.Environment environment = new Berth.Environment(
                time,
                store,
                new Planner(Map.of())::plan,
                () -> policy,
                () -> String.format("id%06d", ids++),
                new DecisionLog() {
                    @Override
                    public void decided(Optional<String> conflict, String words) {
                        said.add(words);
                    }

                    @Override
                    public void trouble(Optional<String> conflict, String words) {
                        said.add("! " + words);
                    }
                },
                sabotage,
                10_000);
        try {
            return Berth.boot(environment, host, 1);
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Berth dies and comes again; the machine goes on. */
    void restart() {
        berth.die();
        host = newHost();
        berth = boot();
        nextTick = time.monotonic();
    }

    /** A process of the usual user that listens. */
    SimProcess server(Program program, int port) {
        return machine.start(program.listening(Program.Endpoint.tcp(port)), Users.DEV, shell);
    }

    /** A process that nobody's terminal runs any more. */
    SimProcess leftover(Program program, int port) {
        return machine.start(program.listening(Program.Endpoint.tcp(port)), Users.DEV, machine.init);
    }

    Service declare(String name, ServiceSpec spec) throws Exception {
        return berth.plane
                .declarations()
                .declare(Declaration.of(key(name), spec), Users.caller(Users.DEV), OptionalLong.empty())
                .service();
    }

    CompletionStage<Freed> free(int port) {
        return berth.plane.release().free(PortKey.tcp(port), Duration.ofSeconds(10), false, Users.caller(Users.DEV));
    }

    Service service(String name) {
        return berth.registry.service(key(name)).orElseThrow();
    }

    static ServiceKey key(String name) {
        return new ServiceKey(ServiceKey.DEFAULT_NAMESPACE, name);
    }

    /** Lets passes run, ticks come and the world go on. */
    void pass(Duration span) {
        long until = time.monotonic() + span.toNanos();
        while (true) {
            while (berth.plane.loop().runNext()) {
                // Until nothing is ready.
            }
            if (time.monotonic() >= nextTick) {
                nextTick = time.monotonic() + TICK.toNanos();
                berth.plane.loop().observeTick();
                if (ticks++ % TICKS_PER_RESYNC == 0) {
                    berth.plane.loop().resync();
                }
                continue;
            }
            long next = nextTick;
            Optional<Duration> queue = berth.plane.loop().untilNext();
            if (queue.isPresent()) {
                next = Math.min(next, time.monotonic() + queue.get().toNanos());
            }
            OptionalLong event = time.next();
            if (event.isPresent()) {
                next = Math.min(next, event.getAsLong());
            }
            if (next > until) {
                time.advanceTo(until);
                return;
            }
            time.advanceTo(next);
        }
    }

    /** Oldest first, as {@code Action Outcome} words. */
    List<String> audit() throws StoreException {
        return records().stream()
                .map(record -> record.entry().action() + " " + record.entry().outcome())
                .toList();
    }

    List<AuditRecord> records() throws StoreException {
        return store
                .audit(new Store.AuditQuery(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        10_000))
                .stream()
                .sorted(Comparator.comparingLong(AuditRecord::seq))
                .toList();
    }

    /** Newest first. */
    List<Conflict> conflicts() throws StoreException {
        return store.conflicts(
                new Store.ConflictQuery(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 1000));
    }
}
