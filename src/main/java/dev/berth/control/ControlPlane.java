package dev.berth.control;

import dev.berth.host.SignalResult;
import dev.berth.model.Protocol;
import dev.berth.model.ServiceKey;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Makes the loop and what people ask of it, wired to each other. */
public final class ControlPlane implements AutoCloseable {
    private final Declarations declarations;
    private final Stacks stacks;
    private final SettingChanges settings;
    private final RunRequests requests;
    private final PortQueries ports;
    private final PortRelease release;
    private final Conflicts conflicts;
    private final Reservations reservations;
    private final Holds holds;
    private final ControlLoop loop;
    private final Closing closing;
    private final HealthMonitor health;
    private final UsageMonitor usage;

    /**
     * @param blocking for what may take minutes, such as stopping a unit; a simulation passes {@code Runnable::run}
     * @param jitter spreads retries
     */
    public ControlPlane(Surroundings by, Limits limits, Executor blocking, RandomGenerator jitter) {
        WorkQueue<WorkKey> queue = new WorkQueue<>(
                by.ticker(), jitter, limits.queueCapacity(), limits.backoffFirst(), limits.backoffMost());
        // A key that finds no room comes again with the next resync.
        Consumer<WorkKey> enqueue = queue::add;
        Concerned concerned = new Concerned(by.registry());
        holds = new Holds(by.holds(), by.portRights(), by.registry());
        health = new HealthMonitor(
                by.checks(),
                by.healthInterval(),
                blocking,
                by.clock(),
                by.ticker(),
                new SplittableRandom(jitter.nextLong()),
                enqueue);
        Looks looks = new Looks(
                new HoldFilter(by.observer(), () -> holds.held(Protocol.UDP)),
                by.ticker(),
                changed -> concerned.with(changed).forEach(key -> {
                    enqueue.accept(key);
                    if (key instanceof WorkKey.OfService of) {
                        // What it waits for may just have begun to listen.
                        health.hurry(of.service());
                    }
                }));
        ExitWatches watches = new ExitWatches(by.processes(), key -> {
            looks.outdated();
            enqueue.accept(key);
        });
        Blockages blockages = new Blockages(holds, by.observer(), by.ticker());
        HolderRules rules = new HolderRules(by.berth());
        SafeSignals signals = new SafeSignals(by.observer(), by.processes(), rules, by.policy());
        EvictionStart start = new EvictionStart(rules, by.clock(), by.ids());
        Acts<SignalResult> acts = new Acts<>();
        FreeWaiters waiters = new FreeWaiters();
        PortClaims claims = new PortClaims();
        Asked asked = new Asked(by.policy(), by.ticker());

        EvictionReconciler evictions =
                evictions(by, limits, enqueue, looks, watches, blockages, rules, signals, start, acts, waiters);
        OwnerStops stops = new OwnerStops(by.registry(), by.owners(), looks, blocking, enqueue, by.clock(), by.log());
        closing = new Closing(by.registry(), by.ticker(), enqueue);
        by.registry().onCommit(new Relatives(by.registry(), enqueue)::committed);
        by.registry().onCommit(new PortWaits(by.registry(), enqueue)::committed);

        Troubles troubles = new Troubles(by.log());
        usage = new UsageMonitor(
                by.registry(),
                by.table(),
                by.meter(),
                by.traffic(),
                health::recent,
                by.usageRules(),
                by.clock(),
                by.ticker(),
                enqueue,
                troubles);

        Acts<Starting.Result> starts = new Acts<>();
        StopSignals stopSignals = new StopSignals(new Acts<>(), signals, by.clock(), by.ticker());
        StopPhases stopPhases = new StopPhases(by.ids(), by.policy(), by.clock());
        FamilyLooks families = new FamilyLooks(by.table(), by.processes());
        RunLooks runs = new RunLooks(
                by.processes(),
                families,
                by.launches(),
                health::reading,
                usage::limits,
                by.lastLines(),
                closing::hasBegun,
                by.clock(),
                jitter);
        ActionHandlers handlers = new ActionHandlers(
                new AssignPortHandler(by.registry(), claims, blockages, looks, by.ticker(), by.log()),
                new ProcessHandlers(by.log()),
                new ConflictHandlers(by.ids(), by.log()),
                new EvictHandler(start, acts, enqueue, by.policy(), by.log()),
                stops,
                new StartHandler(by.ids(), starts),
                new StopHandler(stopPhases, stopSignals, by.log()));
        History history = new History(by.registry(), by.store());
        Calm calm = new Calm(
                by.registry(),
                looks::latest,
                () -> closing.hasBegun() || !blockages.isEmpty(),
                asked::policyFor,
                health::reading,
                usage::limits,
                by.ticker());
        Situations situations = new Situations(by.registry(), blockages, history, by.berth(), runs, calm::disturb);
        RunJournal runJournal = new RunJournal(by.registry());
        Proposals proposals = new Proposals(looks, situations, by.planner(), handlers, claims, by.clock(), limits);
        FirstPass firstPass = new FirstPass(by.registry(), proposals, claims, asked::policyFor, queue::addAll);
        Deletions deletions = new Deletions(by.registry(), by.processes(), enqueue);
        ServiceReconciler services = new ServiceReconciler(
                by.registry(),
                new Replicas(by.registry(), firstPass, deletions, by.clock(), by.ids()),
                proposals,
                asked::policyFor,
                stops,
                new Starting(
                        by.registry(),
                        by.launcher(),
                        by.launches(),
                        by.table(),
                        starts,
                        by.lastLines(),
                        runJournal,
                        new StartCrowd(by.processes(), closing::hasBegun, by.ticker()),
                        by.clock(),
                        jitter,
                        by.log()),
                new Stopping(
                        by.registry(),
                        by.processes(),
                        families,
                        runJournal,
                        runs,
                        stopSignals,
                        stopPhases,
                        watches,
                        new Deadlines(by.clock(), by.ticker()),
                        by.clock(),
                        by.log()),
                claims,
                watches,
                new HealthTies(by.registry(), by.launches(), health, by.policy()),
                queue::isAnyReady);

        ReservationReconciler leased = new ReservationReconciler(
                by.registry(),
                holds,
                new Leases(by.processes(), new Deadlines(by.clock(), by.ticker()), by.ticker()),
                looks,
                blockages,
                claims,
                watches,
                concerned,
                enqueue,
                by.clock(),
                limits,
                by.log());
        by.registry().onCommit(leased::committed);
        reservations = new Reservations(
                by.registry(),
                new PortPicks(by.registry(), holds, by.portRights(), claims, looks, blockages, limits),
                claims,
                by.observer(),
                by.processes(),
                by.policy(),
                enqueue,
                by.clock());

        loop = new ControlLoop(
                queue,
                by.registry(),
                by.observer(),
                looks,
                services,
                calm,
                evictions,
                leased,
                health,
                watches,
                concerned,
                troubles,
                by.clock(),
                limits);
        DryRuns dryRuns = new DryRuns(by.registry(), proposals, claims, by.processes(), asked::policyFor, by.clock());
        requests = new RunRequests(by.registry(), dryRuns, enqueue, by.clock(), by.ids());
        declarations = new Declarations(by.registry(), firstPass, deletions, dryRuns, by.clock(), by.ids());
        stacks = new Stacks(
                by.registry(),
                declarations,
                firstPass,
                deletions,
                new StackReservations(by.registry(), reservations),
                dryRuns,
                enqueue,
                by.clock());
        settings = new SettingChanges(by.registry(), by.clock());
        ports = new PortQueries(
                by.registry(), looks, blockages, holds, rules, history, by.policy(), by.clock(), limits);
        release = new PortRelease(by, looks, blockages, start, acts, waiters, enqueue);
        conflicts = new Conflicts(by.registry(), asked, enqueue, by.clock(), by.log());
    }

    private static EvictionReconciler evictions(
            Surroundings by,
            Limits limits,
            Consumer<WorkKey> enqueue,
            Looks looks,
            ExitWatches watches,
            Blockages blockages,
            HolderRules rules,
            SafeSignals signals,
            EvictionStart start,
            Acts<SignalResult> acts,
            FreeWaiters waiters) {
        EvictionWorld world = new EvictionWorld(by.registry(), by.processes());
        EvictionJournal journal = new EvictionJournal(by.registry(), by.clock());
        EvictionEnd end = new EvictionEnd(journal, waiters, enqueue, by.clock(), by.log());
        Deadlines deadlines = new Deadlines(by.clock(), by.ticker());
        SignalRetries retries = new SignalRetries(by.ticker());
        WatchingPhase watching =
                new WatchingPhase(looks, world, end, deadlines, by.policy(), by.clock(), limits.lookAge(), rules);
        EndingPhase ending = new EndingPhase(
                looks,
                blockages,
                world,
                journal,
                end,
                watching,
                new Joining(rules),
                start,
                acts,
                retries,
                deadlines,
                by.policy(),
                by.clock(),
                limits.lookAge());
        return new EvictionReconciler(
                by.registry(),
                new SignalSender(by.processes(), signals, acts, retries, by.clock()),
                ending,
                watching,
                journal,
                end,
                watches,
                deadlines,
                retries);
    }

    public Declarations declarations() {
        return declarations;
    }

    /** Whole files. */
    public Stacks stacks() {
        return stacks;
    }

    public SettingChanges settings() {
        return settings;
    }

    public RunRequests requests() {
        return requests;
    }

    public PortQueries ports() {
        return ports;
    }

    public PortRelease release() {
        return release;
    }

    public Conflicts conflicts() {
        return conflicts;
    }

    public Reservations reservations() {
        return reservations;
    }

    public ControlLoop loop() {
        return loop;
    }

    /** The latest results of a service's health check, of earlier launches too, oldest first. */
    public List<HealthMonitor.Sample> checks(ServiceKey service) {
        return health.recent(service);
    }

    /** What services use of the machine. */
    public UsageMonitor usage() {
        return usage;
    }

    /** The services of which something runs. */
    public List<ServiceKey> running() {
        return closing.left();
    }

    /**
     * Ends every service that Berth runs, dependants first. They are started again by the next Berth: what is declared
     * stays.
     *
     * @return those that still run after {@code most}
     */
    public List<ServiceKey> stopServices(Duration most) throws InterruptedException {
        return closing.stopAll(most);
    }

    @Override
    public void close() {
        loop.close();
        holds.close();
    }
}
