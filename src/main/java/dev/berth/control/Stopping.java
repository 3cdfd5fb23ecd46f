package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessControl;
import dev.berth.host.Signal;
import dev.berth.model.AuditEntry;
import dev.berth.model.Exit;
import dev.berth.model.Outcome;
import dev.berth.model.ProcessRef;
import dev.berth.model.RestartRequest;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.Stop;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Ends everything that a service's launch became: the stop signal to each, a grace period, SIGKILL, until nothing is left. */
final class Stopping {
    /** Exits wake the pass; this is for those of processes that came up after the last look. */
    private static final Duration RECHECK = Duration.ofMillis(100);

    /** So long the outcome of a signal waits for the end that it brings about: one commit less for each stop. */
    private static final Duration OUTCOME_WAIT = Duration.ofMillis(20);

    /**
     * Of many services that are stopped together, those whose turn is so soon after a look at all processes do with it, if it
     * began after their stop was intended. Who came after a look, however new, is not told: it ends with its parent, or by
     * SIGKILL when the grace period is over.
     */
    private static final Duration LATELY = Duration.ofMillis(20);

    private final Registry registry;
    private final ProcessControl processes;
    private final FamilyLooks families;
    private final RunJournal journal;
    private final RunLooks looks;
    private final StopSignals sent;
    private final StopPhases phases;
    private final ExitWatches watches;
    private final Deadlines deadlines;
    private final InstantSource clock;
    private final DecisionLog log;

    Stopping(
            Registry registry,
            ProcessControl processes,
            FamilyLooks families,
            RunJournal journal,
            RunLooks looks,
            StopSignals sent,
            StopPhases phases,
            ExitWatches watches,
            Deadlines deadlines,
            InstantSource clock,
            DecisionLog log) {
        this.registry = registry;
        this.processes = processes;
        this.families = families;
        this.journal = journal;
        this.looks = looks;
        this.sent = sent;
        this.phases = phases;
        this.watches = watches;
        this.deadlines = deadlines;
        this.clock = clock;
        this.log = log;
    }

    /** How far a stop has come. */
    sealed interface Progress {
        /** There is none, or none any more. */
        record None() implements Progress {}

        /** @param within when to look again at the latest */
        record UnderWay(Duration within) implements Progress {}

        /**
         * Nothing of it is left, which is to be stored: together with what follows from it, or by {@link #store}.
         *
         * @param due whether it is still to be stored, by what is stored now
         * @param change makes of the service as stored the one that has ended
         * @param stored to be run once it is on disk
         */
        record Over(
                ServiceKey service,
                Predicate<Run> due,
                UnaryOperator<Service> change,
                List<AuditEntry> entries,
                Runnable stored)
                implements Progress {
            /** The service as it is to be stored; empty when this was stored already. */
            Optional<Service> of(Service current) {
                return due.test(current.status().runOrNone()) ? Optional.of(change.apply(current)) : Optional.empty();
            }
        }
    }

    /** Stores the end alone. */
    Optional<Service> store(Progress.Over over) throws StoreException, StaleVersionException {
        Optional<Service> stored = journal.store(over.service(), over.due(), over.change(), over.entries());
        over.stored().run();
        return stored;
    }

    /** Goes on with the stop under way. */
    Progress step(ServiceKey key) throws ObservationException, StoreException, StaleVersionException {
        Optional<Service> current = registry.service(key);
        while (current.flatMap(each -> each.status().runOrNone().stop()).isPresent()) {
            Service service = current.get();
            Stop stop = service.status().runOrNone().stop().orElseThrow();
            if (stop.act().isPresent()) {
                Optional<Duration> soon = send(service, stop, stop.act().get());
                if (soon.isPresent()) {
                    return new Progress.UnderWay(soon.get());
                }
                List<ProcessRef> family = there(service, stop, stop.act().get());
                if (family.isEmpty() && stop.then() != Stop.Then.ACCOUNT) {
                    return over(service, stop);
                }
                current = family.isEmpty() ? cleared(service, stop) : settle(service, stop, family);
                continue;
            }
            Duration left = left(service, stop);
            if (!left.isZero() && stop.told().stream().anyMatch(this::lives)) {
                // Those who were told are not all gone: nothing is decided by whoever else is there.
                watches.watch(WorkKey.service(service.key()), new LinkedHashSet<>(stop.told()));
                return new Progress.UnderWay(left.compareTo(RECHECK) < 0 ? left : RECHECK);
            }
            List<ProcessRef> family = family(service, stop);
            if (family.isEmpty() && stop.then() != Stop.Then.ACCOUNT) {
                return over(service, stop);
            }
            if (family.isEmpty()) {
                current = cleared(service, stop);
                continue;
            }
            watches.watch(WorkKey.service(key), new LinkedHashSet<>(family));
            boolean killing = stop.phase() == Stop.Phase.KILLING;
            boolean untold = family.stream().anyMatch(member -> !stop.told().contains(member));
            if (killing ? untold : left.isZero()) {
                current = kill(service, stop, stop.told(), family);
            } else if (killing && left.isZero()) {
                Set<ProcessRef> forbidden = sent.forbidden(service.key());
                if (forbidden.containsAll(family)) {
                    current = leftBehind(service, stop, family);
                    continue;
                }
                if (family.stream().allMatch(sent.asked(service.key())::contains)) {
                    // The kernel has the signal; it ends when the call that it is in returns.
                    return new Progress.UnderWay(StopPhases.KILL_WAIT);
                }
                current = kill(service, stop, List.of(), family);
            } else {
                return new Progress.UnderWay(left.compareTo(RECHECK) < 0 ? left : RECHECK);
            }
        }
        return new Progress.None();
    }

    /** Those of an act whose signals are out, as far as settling it needs to know them. */
    private List<ProcessRef> there(Service service, Stop stop, String act) throws ObservationException {
        List<ProcessRef> told = sent.answer(act).map(SignalRound::processes).orElse(List.of()).stream()
                .filter(this::lives)
                .toList();
        return told.isEmpty() ? family(service, stop) : told;
    }

    private boolean lives(ProcessRef process) {
        return processes.liveness(process) != ProcessControl.Liveness.GONE;
    }

    /** Nothing of the grace period once somebody asked with force while it ran. */
    private Duration left(Service service, Stop stop) {
        boolean urged = service.status()
                .runOrNone()
                .request()
                .filter(RestartRequest::force)
                .isPresent();
        return urged && stop.phase() == Stop.Phase.TERMINATING
                ? Duration.ZERO
                : deadlines.left(service.key(), stop, phases.length(service, stop.phase()));
    }

    private List<ProcessRef> family(Service service, Stop stop) throws ObservationException {
        Optional<ProcessRef> leader = service.status().process();
        return leader.isPresent() ? families.of(leader.get(), service.status().runOrNone(), stop.told()) : List.of();
    }

    /** The family by a look that began since then. */
    private List<ProcessRef> lately(Service service, Stop stop, Duration since) throws ObservationException {
        Optional<ProcessRef> leader = service.status().process();
        return leader.isPresent()
                ? families.lately(
                        leader.get(),
                        service.status().runOrNone(),
                        stop.told(),
                        since.compareTo(LATELY) < 0 ? since : LATELY)
                : List.of();
    }

    /**
     * Sends what was intended, topmost first. Empty when its outcome is to be stored now; else how long that can wait: most
     * programs end within milliseconds, and then it is stored together with their end.
     */
    private Optional<Duration> send(Service service, Stop stop, String act) throws ObservationException {
        Optional<Duration> since = sent.begin(act);
        boolean sentNow = since.isPresent();
        if (sentNow) {
            sent.send(act, service, lately(service, stop, since.get()), stop, phases.signal(service, stop));
        }
        Optional<SignalRound> round = sent.answer(act);
        if (round.isEmpty()) {
            return Optional.empty();
        }
        List<ProcessRef> told = round.get().processes();
        Duration left = deadlines.left(act, round.get().at().plus(OUTCOME_WAIT), OUTCOME_WAIT);
        // Of what was told just now the end has its own pass, after the passes that are still to signal others.
        if (left.isZero() || (sentNow ? told.isEmpty() : told.stream().noneMatch(this::lives))) {
            return Optional.empty();
        }
        watches.watch(WorkKey.service(service.key()), new LinkedHashSet<>(told));
        return Optional.of(left);
    }

    /** Stores what became of the signals. */
    private Optional<Service> settle(Service service, Stop stop, List<ProcessRef> family)
            throws StoreException, StaleVersionException {
        String act = stop.act().orElseThrow();
        Optional<SignalRound> round = sent.answer(act);
        List<ProcessRef> told = new ArrayList<>(stop.told());
        round.ifPresent(each -> told.addAll(each.processes()));
        // The phase begins when they have been told, however long storing the intent took. Interrupted before that, it
        // begins anew, gently.
        Stop settled = round.isPresent()
                ? phases.told(service, stop, told)
                : phases.intended(service, stop, stop.phase(), stop.told());
        List<AuditEntry> entries = new ArrayList<>(List.of(outcome(service, stop, act, family)));
        settled.act().ifPresent(next -> entries.add(intent(service, settled, next)));
        Optional<Service> stored = journal.store(
                service.key(), run -> StopPhases.isAt(run, stop), each -> StopPhases.with(each, settled), entries);
        closed(act);
        settled.act().ifPresent(next -> sent.intended(next));
        return stored;
    }

    private void closed(String act) {
        sent.closed(act);
        deadlines.forget(act);
    }

    /** @param family those that are there now */
    private AuditEntry outcome(Service service, Stop stop, String act, List<ProcessRef> family) {
        Optional<SignalRound> round = sent.answer(act);
        return Audits.stopSignalled(
                clock.instant(),
                service.key(),
                act,
                round.map(each -> stop.reason())
                        .orElse("Berth was interrupted; " + family.size() + " of its processes are there"),
                round.map(SignalRound::outcome).orElse(family.isEmpty() ? Outcome.UNKNOWN : Outcome.FAILED),
                phases.signal(service, stop)
                        + round.map(each -> " " + each.words()).orElse(""));
    }

    private AuditEntry intent(Service service, Stop stop, String act) {
        return Audits.stopSignalled(
                clock.instant(),
                service.key(),
                act,
                stop.reason(),
                Outcome.INTENDED,
                phases.signal(service, stop).name());
    }

    private Optional<Service> kill(Service service, Stop stop, List<ProcessRef> told, List<ProcessRef> family)
            throws StoreException, StaleVersionException {
        boolean again = stop.phase() == Stop.Phase.KILLING;
        Stop killing = phases.intended(service, stop, Stop.Phase.KILLING, again ? told : List.of());
        String act = killing.act().orElseThrow();
        Optional<Service> stored = journal.store(
                service.key(),
                run -> StopPhases.isAt(run, stop),
                each -> StopPhases.with(each, killing),
                List.of(intent(service, killing, act)));
        sent.intended(act);
        log.decided(
                Optional.empty(),
                service.key() + ": " + whyKilled(stop, family, phases.signal(service, stop)) + "; SIGKILL");
        return stored;
    }

    private static String whyKilled(Stop stop, List<ProcessRef> family, Signal signal) {
        long late = family.stream().filter(each -> !stop.told().contains(each)).count();
        long deaf = family.size() - late;
        String came = late + " of its processes came after " + signal;
        String stayed = deaf + " of its processes did not end on " + signal;
        return late == 0 ? stayed : deaf == 0 ? came : stayed + ", " + late + " came after it";
    }

    private Optional<Service> leftBehind(Service service, Stop stop, List<ProcessRef> family)
            throws StoreException, StaleVersionException {
        log.trouble(
                Optional.empty(),
                service.key() + " is stopped, but Berth may not signal "
                        + family.stream().map(ProcessRef::toString).collect(Collectors.joining(", "))
                        + " of it; left behind");
        return store(ended(service, stop, new ArrayList<>()));
    }

    /** Nothing of it is left: that, with the outcome of signals that is still open. */
    private Progress.Over over(Service service, Stop stop) {
        return ended(service, stop, openOutcome(service, stop));
    }

    private List<AuditEntry> openOutcome(Service service, Stop stop) {
        List<AuditEntry> entries = new ArrayList<>();
        stop.act().ifPresent(act -> entries.add(outcome(service, stop, act, List.of())));
        return entries;
    }

    private void forget(Service service, Stop stop) {
        stop.act().ifPresent(this::closed);
        watches.watch(WorkKey.service(service.key()), Set.of());
        deadlines.forget(service.key());
        sent.forget(service.key());
    }

    /** What the first process left has ended too; what follows from its end is the planner's to say. */
    private Optional<Service> cleared(Service service, Stop stop) throws StoreException, StaleVersionException {
        Optional<Service> stored = journal.store(
                service.key(),
                run -> StopPhases.isAt(run, stop),
                each -> each.withStatus(each.status()
                        .with(
                                each.status().runOrNone().withStop(Optional.empty()),
                                each.status().process())),
                openOutcome(service, stop));
        forget(service, stop);
        return stored;
    }

    private Progress.Over ended(Service service, Stop stop, List<AuditEntry> entries) {
        Instant now = clock.instant();
        Optional<ProcessRef> process = service.status().process();
        Exit exit = process.map(known -> looks.exit(service, known)).orElseGet(() -> Exit.unknown(now));
        process.ifPresent(known -> entries.add(Audits.exited(now, service.key(), known, stop.reason(), exit.words())));
        return new Progress.Over(
                service.key(),
                run -> StopPhases.isAt(run, stop),
                each -> {
                    Run run = each.status().runOrNone();
                    // Ended on purpose: the request is served when the service starts, or kept down with it.
                    Run after = run.ended(exit);
                    return each.withStatus(each.status()
                            .with(
                                    stop.then() == Stop.Then.STAY
                                            ? after.forgiven().begun()
                                            : after,
                                    Optional.empty()));
                },
                List.copyOf(entries),
                () -> {
                    log.decided(Optional.empty(), service.key() + " was stopped: " + stop.reason());
                    forget(service, stop);
                });
    }
}
