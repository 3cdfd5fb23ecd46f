package dev.berth.control;

import dev.berth.host.Launcher;
import dev.berth.host.ObservationException;
import dev.berth.host.ProcessTable;
import dev.berth.launch.Launches;
import dev.berth.launch.Preparation;
import dev.berth.model.Exit;
import dev.berth.model.Launch;
import dev.berth.model.Outcome;
import dev.berth.model.ProcessRef;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceStatus;
import dev.berth.plan.Action.RecordExit.Blame;
import dev.berth.plan.Dependencies;
import dev.berth.plan.LaunchWords;
import dev.berth.plan.Restarts;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Starts what was intended, and writes down what became of it. A start whose outcome an earlier Berth did not write is not
 * made again: its processes are looked for by the marker that each of them carries.
 */
final class Starting {
    private final Registry registry;
    private final Launcher launcher;
    private final Preparation launches;
    private final ProcessTable table;
    private final Acts<Result> acts;
    private final LastLines lastLines;
    private final RunJournal journal;
    private final StartCrowd crowd;
    private final InstantSource clock;
    private final RandomGenerator jitter;
    private final DecisionLog log;

    Starting(
            Registry registry,
            Launcher launcher,
            Preparation launches,
            ProcessTable table,
            Acts<Result> acts,
            LastLines lastLines,
            RunJournal journal,
            StartCrowd crowd,
            InstantSource clock,
            RandomGenerator jitter,
            DecisionLog log) {
        this.registry = registry;
        this.launcher = launcher;
        this.launches = launches;
        this.table = table;
        this.acts = acts;
        this.lastLines = lastLines;
        this.journal = journal;
        this.crowd = crowd;
        this.clock = clock;
        this.jitter = jitter;
        this.log = log;
    }

    /** What became of a start. */
    sealed interface Result {
        /** It runs, or ran. */
        record Started(ProcessRef process) implements Result {}

        /** Nothing was started. */
        record Refused(String why) implements Result {}

        /** Nothing was started, because something else was declared meanwhile. */
        record Withdrawn() implements Result {}
    }

    /**
     * A start that was made, and of which it is not stored yet what became of it.
     *
     * @param within when to ask again at the latest
     */
    record Unsettled(ProcessRef process, Duration within) {}

    /** Starts what is intended for the service, unless that was done. True when it was done now, and is to be settled. */
    boolean launch(ServiceKey key) {
        Optional<Service> service = registry.service(key);
        Optional<Launch> open = service.flatMap(Starting::open);
        Optional<String> act = open.flatMap(Launch::act).filter(acts::begin);
        if (act.isPresent()) {
            crowd.begins();
            try {
                acts.answered(act.get(), start(service.orElseThrow(), open.orElseThrow()));
            } finally {
                crowd.ended(key, act.get());
            }
        }
        return act.isPresent();
    }

    /**
     * The start of the service, when what became of it is better stored later and nobody waits for that.
     *
     * @param made it was made just now
     */
    Optional<Unsettled> unsettled(ServiceKey key, boolean made) {
        Optional<Service> service = registry.service(key);
        Optional<String> act = service.flatMap(Starting::open).flatMap(Launch::act);
        return act.flatMap(acts::answer)
                .flatMap(result -> result instanceof Result.Started started
                        ? Optional.of(new Unsettled(started.process(), left(act.orElseThrow(), started, made)))
                        : Optional.empty())
                .filter(start -> !start.within().isZero() && !isAwaited(service.orElseThrow()));
    }

    private Duration left(String act, Result.Started started, boolean made) {
        return made ? crowd.left(act) : crowd.left(act, started.process());
    }

    private boolean isAwaited(Service service) {
        return !isStillWanted(service)
                || service.status().runOrNone().request().isPresent()
                || Dependencies.isAwaited(service, registry.services());
    }

    /** Stores what became of all starts that were made and not settled. */
    void settleAll() throws ObservationException, StoreException, StaleVersionException {
        // One that can't be stored keeps none of the others from it.
        Optional<StoreException> failed = Optional.empty();
        Optional<StaleVersionException> stale = Optional.empty();
        for (Service service : registry.services()) {
            if (open(service).flatMap(Launch::act).flatMap(acts::answer).isPresent()) {
                try {
                    settle(service.key());
                } catch (StoreException e) {
                    failed = Optional.of(e);
                } catch (StaleVersionException e) {
                    stale = Optional.of(e);
                }
            }
        }
        if (failed.isPresent()) {
            throw failed.get();
        }
        if (stale.isPresent()) {
            throw stale.get();
        }
    }

    /** Stores what became of the start that was intended for the service. */
    void settle(ServiceKey key) throws ObservationException, StoreException, StaleVersionException {
        Optional<Launch> open = registry.service(key).flatMap(Starting::open);
        if (open.isEmpty()) {
            return;
        }
        Launch launch = open.get();
        String act = launch.act().orElseThrow();
        Optional<Result> result = acts.answer(act);
        if (result.isPresent() && result.get() instanceof Result.Started started) {
            started(key, launch, started.process(), started.process().toString());
        } else if (result.isPresent() && result.get() instanceof Result.Refused refused) {
            refused(key, launch, refused.why());
        } else if (result.isPresent()) {
            forgotten(key, launch, "something else was declared meanwhile", Outcome.FAILED, "nothing was started");
        } else {
            interrupted(key, launch);
        }
        acts.closed(Set.of(act));
    }

    private static Optional<Launch> open(Service service) {
        return service.status()
                .runOrNone()
                .launch()
                .filter(launch -> launch.act().isPresent());
    }

    private Result start(Service service, Launch launch) {
        if (!isStillWanted(service)) {
            return new Result.Withdrawn();
        }
        Launches.Prepared prepared = launches.prepare(service, registry.services(), launch.step(), launch.id());
        if (prepared instanceof Launches.Prepared.Refused refused) {
            return new Result.Refused(String.join("; ", refused.reasons()));
        }
        lastLines.begin(service.key());
        try {
            return new Result.Started(launcher.launch(((Launches.Prepared.Ready) prepared).spec()));
        } catch (Launcher.LaunchException e) {
            return new Result.Refused(String.valueOf(e.getMessage()));
        }
    }

    /** Between the intent and this somebody may have declared it anew. */
    private static boolean isStillWanted(Service service) {
        return service.spec().running()
                && service.metadata().deletionTimestamp().isEmpty()
                && service.status().runOrNone().generation()
                        == service.metadata().generation();
    }

    private void started(ServiceKey key, Launch launch, ProcessRef process, String detail)
            throws StoreException, StaleVersionException {
        Instant now = clock.instant();
        journal.store(
                key,
                run -> isOpen(run, launch),
                service -> {
                    ServiceStatus status = service.status();
                    Run run = status.runOrNone().withLaunch(Optional.of(launch.settled()));
                    return service.withStatus(LaunchWords.started(
                            status.with(run, Optional.of(process)),
                            service.spec().protocol(),
                            launch,
                            now));
                },
                List.of(Audits.started(now, key, launch.act().orElseThrow(), "started", Outcome.SUCCEEDED, detail)));
        log.decided(
                Optional.empty(),
                key + " was started as " + process
                        + (launch.port().isPresent()
                                ? " for port " + launch.port().getAsInt()
                                : ""));
    }

    private static boolean isOpen(Run run, Launch launch) {
        return run.launch().flatMap(Launch::act).equals(launch.act());
    }

    private void refused(ServiceKey key, Launch launch, String why) throws StoreException, StaleVersionException {
        Instant now = clock.instant();
        double spread = jitter.nextDouble();
        journal.store(
                key,
                run -> isOpen(run, launch),
                service -> service.withStatus(service.status()
                        .with(
                                Restarts.after(
                                        service,
                                        Exit.notStarted(now, why),
                                        isStillWanted(service) ? Blame.OWN : Blame.REPLACED,
                                        now,
                                        spread),
                                Optional.empty())),
                List.of(Audits.started(
                        now, key, launch.act().orElseThrow(), why, Outcome.FAILED, "nothing was started")));
        log.trouble(Optional.empty(), key + " could not be started: " + why);
    }

    private void interrupted(ServiceKey key, Launch launch)
            throws ObservationException, StoreException, StaleVersionException {
        Optional<ProcessRef> found = Family.leaderOf(table.read(), launch.id());
        if (found.isPresent()) {
            started(key, launch, found.get(), found.get() + ", found by its marker after Berth was interrupted");
            return;
        }
        forgotten(
                key, launch, "Berth was interrupted; no process of this start is there", Outcome.UNKNOWN, "no process");
    }

    private void forgotten(ServiceKey key, Launch launch, String why, Outcome outcome, String detail)
            throws StoreException, StaleVersionException {
        Instant now = clock.instant();
        journal.store(
                key,
                run -> isOpen(run, launch),
                service -> service.withStatus(service.status()
                        .with(service.status().runOrNone().withLaunch(Optional.empty()), Optional.empty())),
                List.of(Audits.started(now, key, launch.act().orElseThrow(), why, outcome, detail)));
    }
}
