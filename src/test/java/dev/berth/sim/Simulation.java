package dev.berth.sim;

import dev.berth.control.DecisionLog;
import dev.berth.control.Limits;
import dev.berth.control.PlanMaker;
import dev.berth.model.Reservation;
import dev.berth.plan.Policy;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * One seeded run: a machine, people, faults and the real Berth, step by step. Chaos and calm take turns; in the calm
 * everything must come to rest, and then nothing may happen any more.
 */
final class Simulation {
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration RESYNC = Duration.ofSeconds(1);
    /** More than a program may take to start, after which Berth says otherwise of one that does not listen. */
    private static final Duration CONVERGES_WITHIN = Duration.ofSeconds(42);

    private static final Duration STAYS_SETTLED = Duration.ofSeconds(6);
    private static final int SMALL_QUEUE = 3;
    private static final int KEPT_ROWS = 300;

    private final Chance chance;
    private final Trace trace = new Trace();
    private final VirtualTime time = new VirtualTime();
    private final Machine machine;
    private final World world;
    private final Faults faults;
    private final MemoryStore store = new MemoryStore();
    private final StoreFaults disk;
    private final Ledger ledger = new Ledger(trace);
    private final SignalRules rules;
    private final Convergence convergence;
    private final Operations operations;
    private final HoldRules holds;
    private final PlanMaker planner;
    private final Sabotage sabotage;
    private final long berthUid;
    private Policy policy;
    private Optional<Berth> berth = Optional.empty();
    private Optional<BerthProcess> process = Optional.empty();
    private long lives;
    private long bootAt;
    private long nextTick;
    private long nextResync;
    private long identifiers;
    private long logLines;
    private long steps;

    Simulation(long seed, PlanMaker planner, Sabotage sabotage) {
        this.chance = new Chance(seed);
        this.planner = planner;
        this.sabotage = sabotage;
        trace.useClock(time::monotonic);
        faults = new Faults(chance.split(), trace, 0.1 + chance.between(0, 5) * 0.12);
        machine = new Machine(time, chance.split());
        world = new World(machine, chance.split(), faults);
        berthUid = chance.pick(Users.DEV, Users.DEV, Users.ROOT);
        policy = Policies.any(chance);
        StopRules stops = new StopRules(ledger, machine, time, () -> lives);
        LaunchRules launches = new LaunchRules(ledger, machine);
        rules = new SignalRules(ledger, stops, () -> policy, () -> process, trace);
        ledger.watchEvictions(rules);
        ledger.watchServices((before, after) -> {
            launches.changed(before, after);
            after.ifPresent(stops::changed);
        });
        machine.watch(launches);
        machine.watch(rules);
        machine.watch(new Narrator(trace));
        disk = new StoreFaults(time, faults, ledger, store);
        convergence = new Convergence(ledger, machine);
        operations = new Operations(
                chance.split(),
                new Wishes(chance.split(), world),
                world,
                machine,
                ledger,
                rules,
                trace,
                berthUid == Users.ROOT);
        holds = new HoldRules(ledger, machine);
        ledger.watchWrites(holds::written);
    }

    /** Chaos and calm in turns, until this many steps were made. */
    void run(long count) {
        while (steps < count) {
            int chaos = chance.between(200, 1500);
            for (int i = 0; i < chaos && steps < count; i++) {
                chaoticStep();
            }
            calm();
        }
        if (store.inMemory()) {
            verify();
        }
    }

    private void verify() {
        try {
            Ledger.require(store.verifyAudit().valid(), "the audit chain does not verify");
        } catch (StoreException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private void chaoticStep() {
        steps++;
        int what = chance.between(0, 999);
        if (what < 90) {
            world.happens();
        } else if (what < 150) {
            berth.ifPresent(alive -> does(() -> operations.one(alive)));
        } else if (what < 158) {
            misfortune();
        } else if (what < 161) {
            policy = Policies.any(chance);
            berth.ifPresent(alive -> does(alive.plane.loop()::resync));
        } else if (what < 162) {
            retain();
        } else {
            onward();
        }
    }

    private void misfortune() {
        switch (chance.between(0, 5)) {
            case 0 -> jump(SimFault.CLOCK_JUMPS_FORWARD, Duration.ofSeconds(chance.between(1, 86_400)));
            case 1 -> jump(SimFault.CLOCK_JUMPS_BACK, Duration.ofSeconds(-chance.between(1, 86_400)));
            case 2 -> {
                if (berth.isPresent() && faults.allowed(SimFault.CRASH_BETWEEN_STEPS)) {
                    faults.reached(SimFault.CRASH_BETWEEN_STEPS);
                    die();
                }
            }
            case 3, 4 -> {
                boolean after = chance.of(0.5);
                if (faults.allowed(after ? SimFault.CRASH_AFTER_EFFECT : SimFault.CRASH_BEFORE_CALL)) {
                    berth.ifPresent(alive -> alive.host.life.crashAt(chance.between(1, 60), after));
                }
            }
            default -> {
                if (faults.allowed(SimFault.ENQUEUE_DUPLICATED)) {
                    faults.reached(SimFault.ENQUEUE_DUPLICATED);
                    berth.ifPresent(alive -> does(() -> {
                        alive.plane.loop().resync();
                        alive.plane.loop().resync();
                    }));
                }
            }
        }
    }

    private void jump(SimFault fault, Duration by) {
        if (faults.allowed(fault)) {
            faults.reached(fault);
            named();
            time.jumpWallClock(by);
        }
    }

    /** In the middle of what else does the clock jump? */
    private void named() {
        if (ledger.services()
                .anyMatch(service -> service.status().runOrNone().stop().isPresent())) {
            faults.reached(SimFault.CLOCK_JUMPS_DURING_GRACE);
        }
        if (ledger.services()
                .anyMatch(service -> service.status().runOrNone().nextStart().isPresent())) {
            faults.reached(SimFault.CLOCK_JUMPS_DURING_BACKOFF);
        }
    }

    private void retain() {
        try {
            store.retain(java.time.Instant.EPOCH, KEPT_ROWS);
        } catch (StoreException unreadable) {
            trace.add("retention", "failed");
        }
    }

    /** The loop takes a key, or time goes on to whatever is due next. */
    private void onward() {
        if (berth.isEmpty() && bootAt <= time.monotonic()) {
            boot();
            return;
        }
        long until = Math.min(nextTick, nextResync);
        if (berth.isPresent()) {
            Optional<Duration> ready = berth.orElseThrow().plane.loop().untilNext();
            if (ready.isPresent() && ready.orElseThrow().isZero()) {
                does(() -> berth.orElseThrow().plane.loop().runNext());
                return;
            }
            until = Math.min(
                    until, ready.map(wait -> time.monotonic() + wait.toNanos()).orElse(Long.MAX_VALUE));
        } else {
            until = bootAt;
        }
        if (time.next().isPresent() && time.next().getAsLong() <= until) {
            time.runNext();
            return;
        }
        time.advanceTo(until);
        rhythms();
    }

    private void rhythms() {
        if (berth.isEmpty()) {
            return;
        }
        if (nextTick <= time.monotonic()) {
            nextTick = time.monotonic() + TICK.toNanos();
            if (!faults.strikes(SimFault.ENQUEUE_LOST)) {
                does(() -> berth.orElseThrow().plane.loop().observeTick());
            }
        }
        if (berth.isPresent() && nextResync <= time.monotonic()) {
            nextResync = time.monotonic() + RESYNC.toNanos();
            does(() -> berth.orElseThrow().plane.loop().resyncNext());
        }
    }

    private void boot() {
        SimProcess parent = world.terminal.alive() ? world.terminal : machine.init;
        BerthProcess started = BerthProcess.start(machine, parent, berthUid);
        process = Optional.of(started);
        lives++;
        FakeHost host = new FakeHost(machine, started, faults);
        disk.serve(host.life);
        boolean small = faults.allowed(SimFault.ENQUEUE_LOST);
        try {
            Berth booted = Berth.boot(environment(small), host, chance.bits());
            berth = Optional.of(booted);
            checkMemory(booted);
            nextTick = time.monotonic();
            nextResync = time.monotonic() + RESYNC.toNanos();
            trace.add("berth", "boots as " + started.self());
        } catch (StoreException unreadable) {
            trace.add("berth", "can't boot: " + unreadable.getMessage());
            host.close();
            bootAt = time.monotonic() + operations.downtime().toNanos();
        } catch (Life.Crash crash) {
            host.close();
            bootAt = time.monotonic() + operations.downtime().toNanos();
        }
    }

    private Berth.Environment environment(boolean smallQueue) {
        return new Berth.Environment(
                time,
                store,
                planner,
                () -> policy,
                () -> "id-%08d".formatted(++identifiers),
                new Log(),
                sabotage,
                smallQueue ? SMALL_QUEUE : Limits.DEFAULT_QUEUE_CAPACITY);
    }

    /** What Berth starts with is what the disk holds: nothing acknowledged is lost, nothing refused is there. */
    private void checkMemory(Berth alive) {
        Ledger.require(
                alive.registry.resourceVersion() == ledger.lastSeq()
                        && alive.registry.services().size() == ledger.services().count()
                        && alive.registry
                                .reservations()
                                .equals(ledger.reservations()
                                        .sorted(Comparator.comparing(Reservation::port))
                                        .toList())
                        && alive.registry.evictions().size()
                                == ledger.evictions().count()
                        && alive.registry.openConflicts().size()
                                == ledger.conflicts()
                                        .filter(conflict -> conflict.state().isOpen())
                                        .count(),
                "memory does not hold what the disk does");
    }

    /** Something in Berth runs; if it dies of it, that was a crash. */
    private void does(Runnable what) {
        try {
            what.run();
        } catch (Life.Crash crash) {
            die();
        }
        if (berth.filter(alive -> alive.host.life.dead()).isPresent()) {
            die();
        }
        berth.ifPresent(holds::nothingLeaks);
    }

    private void die() {
        berth.ifPresent(alive -> {
            trace.add("berth", "dies");
            berth = Optional.empty();
            alive.die();
            operations.hangUp();
            bootAt = time.monotonic() + operations.downtime().toNanos();
        });
    }

    /** Nothing goes wrong any more: everything must come to rest soon, and then stay there. */
    private void calm() {
        faults.stop();
        disk.stop();
        world.calm();
        die();
        bootAt = time.monotonic();
        trace.add("calm", "begins");
        long deadline = time.monotonic() + CONVERGES_WITHIN.toNanos();
        while (time.monotonic() < deadline) {
            steps++;
            onward();
        }
        convergence.missing().or(operations::forgotten).ifPresent(what -> {
            throw new Violation("no convergence within " + CONVERGES_WITHIN.toSeconds() + " s: " + what);
        });
        checkMemory(berth.orElseThrow());
        holds.atRest(berth.orElseThrow());
        staysSettled();
        faults.resume();
    }

    private void staysSettled() {
        long writes = ledger.writes();
        long signals = rules.signals();
        long lines = logLines;
        trace.add("calm", "settled");
        long until = time.monotonic() + STAYS_SETTLED.toNanos();
        while (time.monotonic() < until) {
            steps++;
            onward();
        }
        Ledger.require(
                ledger.writes() == writes && rules.signals() == signals && logLines == lines,
                "a settled world cost " + (ledger.writes() - writes) + " writes, " + (rules.signals() - signals)
                        + " signals and " + (logLines - lines) + " log lines");
    }

    /** Berth's own log. */
    private final class Log implements DecisionLog {
        @Override
        public void decided(Optional<String> conflict, String words) {
            logLines++;
            trace.add("log", conflict.orElse("-") + " " + words);
        }

        @Override
        public void trouble(Optional<String> conflict, String words) {
            logLines++;
            Ledger.require(!words.contains("fault of Berth"), words);
            trace.add("log", "TROUBLE " + conflict.orElse("-") + " " + words);
        }
    }

    long steps() {
        return steps;
    }

    Trace trace() {
        return trace;
    }

    Map<SimFault, Long> reached() {
        return faults.counts();
    }
}
