package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessControl;
import dev.berth.host.ProcessTable;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.AuditEntry;
import dev.berth.model.Exit;
import dev.berth.model.Launch;
import dev.berth.model.Outcome;
import dev.berth.model.ProcessRef;
import dev.berth.model.RestartRequest;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.model.Stop;
import dev.berth.plan.Policy;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Ends everything that a service's launch became: the stop signal to each, a grace period, SIGKILL, until nothing is left. */
final class Stopping {
    /** SIGKILL works within milliseconds, except on a process that the kernel itself holds (state D). */
    static final Duration KILL_WAIT = Duration.ofSeconds(2);

    /** Exits wake the pass; this is for those of processes that came up after the last look. */
    private static final Duration RECHECK = Duration.ofMillis(100);

    private final Registry registry;
    private final ProcessControl processes;
    private final ProcessTable table;
    private final Acts<List<Sent>> acts;
    private final RunJournal journal;
    private final RunLooks looks;
    private final SafeSignals signals;
    private final ExitWatches watches;
    private final Supplier<String> ids;
    private final Deadlines deadlines;
    private final Supplier<Policy> policy;
    private final InstantSource clock;
    private final DecisionLog log;
    /** What this process was answered, so that it knows whom it may not signal. */
    private final Map<ServiceKey, Map<ProcessRef, SignalResult>> answers = new ConcurrentHashMap<>();

    Stopping(
            Registry registry,
            ProcessControl processes,
            ProcessTable table,
            Acts<List<Sent>> acts,
            RunJournal journal,
            RunLooks looks,
            SafeSignals signals,
            ExitWatches watches,
            Supplier<String> ids,
            Deadlines deadlines,
            Supplier<Policy> policy,
            InstantSource clock,
            DecisionLog log) {
        this.registry = registry;
        this.processes = processes;
        this.table = table;
        this.acts = acts;
        this.journal = journal;
        this.looks = looks;
        this.signals = signals;
        this.watches = watches;
        this.ids = ids;
        this.deadlines = deadlines;
        this.policy = policy;
        this.clock = clock;
        this.log = log;
    }

    /** One signal of a round. */
    record Sent(ProcessRef process, SignalResult result) {}

    /** Goes on with the stop under way. Empty when there is none (any more); else when to look again at the latest. */
    Optional<Duration> step(ServiceKey key) throws ObservationException, StoreException, StaleVersionException {
        Optional<Service> current = registry.service(key);
        while (current.flatMap(each -> each.status().runOrNone().stop()).isPresent()) {
            Service service = current.get();
            Stop stop = service.status().runOrNone().stop().orElseThrow();
            Duration left = left(service, stop);
            if (stop.act().isEmpty() && !left.isZero() && stop.told().stream().anyMatch(this::lives)) {
                // Those who were told are not all gone: nothing is decided by whoever else is there.
                watches.watch(WorkKey.service(service.key()), new LinkedHashSet<>(stop.told()));
                return Optional.of(left.compareTo(RECHECK) < 0 ? left : RECHECK);
            }
            List<ProcessRef> family = family(service, stop);
            if (stop.act().isPresent()) {
                current = settle(service, stop, family);
                continue;
            }
            if (family.isEmpty()) {
                return stop.then() == Stop.Then.ACCOUNT ? cleared(service, stop) : ended(service, stop);
            }
            watches.watch(WorkKey.service(key), new LinkedHashSet<>(family));
            boolean killing = stop.phase() == Stop.Phase.KILLING;
            boolean untold = family.stream().anyMatch(member -> !stop.told().contains(member));
            if (killing ? untold : left.isZero()) {
                current = kill(service, stop, stop.told(), family);
            } else if (killing && left.isZero()) {
                Set<ProcessRef> forbidden = forbidden(service.key());
                if (forbidden.containsAll(family)) {
                    return leftBehind(service, stop, family);
                }
                if (family.stream().allMatch(asked(service.key()).keySet()::contains)) {
                    // The kernel has the signal; it ends when the call that it is in returns.
                    return Optional.of(KILL_WAIT);
                }
                current = kill(service, stop, List.of(), family);
            } else {
                return Optional.of(left.compareTo(RECHECK) < 0 ? left : RECHECK);
            }
        }
        return Optional.empty();
    }

    private boolean lives(ProcessRef process) {
        return processes.liveness(process) != ProcessControl.Liveness.GONE;
    }

    private Duration length(Service service, Stop stop) {
        return stop.phase() == Stop.Phase.KILLING ? KILL_WAIT : policy.get().gracePeriod(service.spec());
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
                : deadlines.left(service.key(), stop, length(service, stop));
    }

    private List<ProcessRef> family(Service service, Stop stop) throws ObservationException {
        Optional<String> launch = service.status().runOrNone().launch().map(Launch::id);
        Optional<ProcessRef> leader = service.status().process();
        List<ProcessTable.Entry> entries = table.read();
        if (leader.isEmpty()) {
            return List.of();
        }
        return Family.of(entries, leader.get(), launch, stop.told()).stream()
                .filter(this::lives)
                .toList();
    }

    private Map<ProcessRef, SignalResult> asked(ServiceKey key) {
        return answers.getOrDefault(key, Map.of());
    }

    private Set<ProcessRef> forbidden(ServiceKey key) {
        return asked(key).entrySet().stream()
                .filter(each -> each.getValue() instanceof SignalResult.Denied
                        || each.getValue() instanceof SignalResult.Protected)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Signal signal(Service service, Stop stop) {
        return stop.phase() == Stop.Phase.KILLING
                ? Signal.SIGKILL
                : service.spec().stopSignal().map(Signal::valueOf).orElse(Signal.SIGTERM);
    }

    /** Sends what was intended, topmost first, and stores what became of it. */
    private Optional<Service> settle(Service service, Stop stop, List<ProcessRef> family)
            throws StoreException, StaleVersionException {
        String act = stop.act().orElseThrow();
        Signal signal = signal(service, stop);
        if (acts.begin(act)) {
            List<Sent> round = new ArrayList<>();
            for (ProcessRef member : family) {
                if (!stop.told().contains(member)) {
                    SignalResult result = signals.send(member, service, signal);
                    round.add(new Sent(member, result));
                    answers.computeIfAbsent(service.key(), key -> new ConcurrentHashMap<>())
                            .put(member, result);
                }
            }
            acts.answered(act, round);
        }
        Optional<List<Sent>> round = acts.answer(act);
        List<ProcessRef> told = new ArrayList<>(stop.told());
        round.ifPresent(sent -> sent.forEach(each -> told.add(each.process())));
        AuditEntry outcome = Audits.stopSignalled(
                clock.instant(),
                service.key(),
                act,
                round.map(sent -> stop.reason())
                        .orElse("Berth was interrupted; " + family.size() + " of its processes are there"),
                round.map(Stopping::outcome).orElse(family.isEmpty() ? Outcome.UNKNOWN : Outcome.FAILED),
                signal + round.map(sent -> " " + words(sent)).orElse(""));
        // The phase begins when they have been told, however long storing the intent took. Interrupted before that, it
        // begins anew, gently.
        Stop settled = round.isPresent() || family.isEmpty()
                ? with(stop, stop.phase(), deadline(service, stop.phase()), told, Optional.empty())
                : intended(service, stop, stop.phase(), stop.told());
        Optional<Service> stored = journal.store(
                service.key(),
                run -> isAt(run, stop),
                each -> withStop(each, settled),
                entries(outcome, service, settled));
        acts.closed(Set.of(act));
        settled.act().ifPresent(next -> acts.intended(Set.of(next)));
        return stored;
    }

    private List<AuditEntry> entries(AuditEntry outcome, Service service, Stop next) {
        return next.act()
                .map(act -> List.of(outcome, intent(service, next, act)))
                .orElse(List.of(outcome));
    }

    private AuditEntry intent(Service service, Stop stop, String act) {
        return Audits.stopSignalled(
                clock.instant(),
                service.key(),
                act,
                stop.reason(),
                Outcome.INTENDED,
                signal(service, stop).name());
    }

    private static Outcome outcome(List<Sent> round) {
        return round.stream()
                        .allMatch(sent -> sent.result() instanceof SignalResult.Sent
                                || sent.result() instanceof SignalResult.Gone
                                || sent.result() instanceof SignalResult.NotTheSame)
                ? Outcome.SUCCEEDED
                : Outcome.FAILED;
    }

    private static String words(List<Sent> round) {
        return round.isEmpty()
                ? "to nobody: nothing of it was left"
                : round.stream()
                        .map(sent -> "to " + sent.process() + words(sent.result()))
                        .collect(Collectors.joining(", "));
    }

    private static String words(SignalResult result) {
        if (result instanceof SignalResult.Sent) {
            return "";
        }
        if (result instanceof SignalResult.Gone || result instanceof SignalResult.NotTheSame) {
            return " (had ended)";
        }
        if (result instanceof SignalResult.Denied denied) {
            return " (not permitted: " + denied.reason() + ")";
        }
        if (result instanceof SignalResult.Protected rule) {
            return " (protected by the rule " + rule.rule() + ")";
        }
        return " (not sent: " + result + ")";
    }

    private Optional<Service> kill(Service service, Stop stop, List<ProcessRef> told, List<ProcessRef> family)
            throws StoreException, StaleVersionException {
        boolean again = stop.phase() == Stop.Phase.KILLING;
        Stop killing = intended(service, stop, Stop.Phase.KILLING, again ? told : List.of());
        String act = killing.act().orElseThrow();
        Optional<Service> stored = journal.store(
                service.key(),
                run -> isAt(run, stop),
                each -> withStop(each, killing),
                List.of(intent(service, killing, act)));
        acts.intended(Set.of(act));
        log.decided(
                Optional.empty(),
                service.key() + ": " + family.size() + " of its processes did not end on " + signal(service, stop)
                        + "; SIGKILL");
        return stored;
    }

    private Stop intended(Service service, Stop stop, Stop.Phase phase, List<ProcessRef> told) {
        return with(stop, phase, deadline(service, phase), told, Optional.of(ids.get()));
    }

    private Instant deadline(Service service, Stop.Phase phase) {
        return clock.instant()
                .plus(phase == Stop.Phase.KILLING ? KILL_WAIT : policy.get().gracePeriod(service.spec()));
    }

    private Optional<Duration> leftBehind(Service service, Stop stop, List<ProcessRef> family)
            throws StoreException, StaleVersionException {
        log.trouble(
                Optional.empty(),
                service.key() + " is stopped, but Berth may not signal "
                        + family.stream().map(ProcessRef::toString).collect(Collectors.joining(", "))
                        + " of it; left behind");
        return ended(service, stop);
    }

    /** What the first process left has ended too; what follows from its end is the planner's to say. */
    private Optional<Duration> cleared(Service service, Stop stop) throws StoreException, StaleVersionException {
        journal.store(
                service.key(),
                run -> isAt(run, stop),
                each -> each.withStatus(each.status()
                        .with(
                                each.status().runOrNone().withStop(Optional.empty()),
                                each.status().process())),
                List.of());
        forget(service);
        return Optional.of(Duration.ZERO);
    }

    private void forget(Service service) {
        watches.watch(WorkKey.service(service.key()), Set.of());
        deadlines.forget(service.key());
        answers.remove(service.key());
    }

    private Optional<Duration> ended(Service service, Stop stop) throws StoreException, StaleVersionException {
        Instant now = clock.instant();
        Optional<ProcessRef> process = service.status().process();
        Exit exit = process.map(known -> looks.exit(service, known)).orElseGet(() -> Exit.unknown(now));
        journal.store(
                service.key(),
                current -> isAt(current, stop),
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
                process.map(known -> List.of(Audits.exited(now, service.key(), known, stop.reason(), exit.words())))
                        .orElse(List.of()));
        forget(service);
        log.decided(Optional.empty(), service.key() + " was stopped: " + stop.reason());
        return Optional.empty();
    }

    /** Has the stop come no further than this, by what is stored? */
    private static boolean isAt(Run run, Stop stop) {
        return run.stop()
                .filter(stored -> stored.startedAt().equals(stop.startedAt())
                        && stored.phase() == stop.phase()
                        && stored.act().equals(stop.act()))
                .isPresent();
    }

    private static Service withStop(Service service, Stop stop) {
        return service.withStatus(service.status()
                .with(
                        service.status().runOrNone().withStop(Optional.of(stop)),
                        service.status().process()));
    }

    private static Stop with(
            Stop stop, Stop.Phase phase, Instant deadline, List<ProcessRef> told, Optional<String> act) {
        return new Stop(stop.reason(), stop.then(), stop.force(), phase, stop.startedAt(), deadline, told, act);
    }
}
