package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.AuditEntry;
import dev.berth.model.Blockage;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.Eviction.Phase;
import dev.berth.model.Eviction.Target;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Outcome;
import dev.berth.model.Units;
import dev.berth.plan.Policy;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** SIGTERM or SIGKILL is under way: have the holders let go? */
final class EndingPhase {
    /** SIGKILL works within milliseconds, except on a process that the kernel itself holds (state D). */
    static final Duration KILL_WAIT = Duration.ofSeconds(2);

    /** Between two tries to bind a port that nothing visible holds. */
    private static final Duration RECHECK = Duration.ofMillis(20);

    /** A holder that goes on forking gets this many grace periods in all. */
    private static final int MOST_GRACES = 3;

    private final Looks looks;
    private final Blockages blockages;
    private final EvictionWorld world;
    private final EvictionJournal journal;
    private final EvictionEnd end;
    private final WatchingPhase watching;
    private final Joining joining;
    private final EvictionStart start;
    private final Acts<SignalResult> acts;
    private final SignalRetries retries;
    private final Deadlines deadlines;
    private final Supplier<Policy> policy;
    private final InstantSource clock;
    private final Duration lookAge;

    EndingPhase(
            Looks looks,
            Blockages blockages,
            EvictionWorld world,
            EvictionJournal journal,
            EvictionEnd end,
            WatchingPhase watching,
            Joining joining,
            EvictionStart start,
            Acts<SignalResult> acts,
            SignalRetries retries,
            Deadlines deadlines,
            Supplier<Policy> policy,
            InstantSource clock,
            Duration lookAge) {
        this.looks = looks;
        this.blockages = blockages;
        this.world = world;
        this.journal = journal;
        this.end = end;
        this.watching = watching;
        this.joining = joining;
        this.start = start;
        this.acts = acts;
        this.retries = retries;
        this.deadlines = deadlines;
        this.policy = policy;
        this.clock = clock;
        this.lookAge = lookAge;
    }

    Step step(Eviction stored) throws ObservationException, StoreException, StaleVersionException {
        Duration left = deadlines.left(stored, stored.phase() == Phase.KILLING ? KILL_WAIT : stored.grace());
        EvictionWorld.Exits exits = world.exits(stored, clock.instant());
        if (!left.isZero() && !exits.any() && unchanged(stored)) {
            return new Step.Await(left);
        }
        HostSnapshot fresh = looks.inspect(stored.port());
        List<Listener> sockets = world.colliding(stored, fresh);
        if (sockets.isEmpty()) {
            return nobodyThere(exits, left);
        }
        Eviction eviction = exits.eviction().withTargets(proofs(exits.eviction(), sockets));
        List<Target> holding = Targets.left(eviction).stream()
                .filter(target -> sockets.stream().anyMatch(socket -> Targets.holds(socket, target.process())))
                .toList();
        if (holding.isEmpty()) {
            return withoutTargets(eviction, exits.audit(), sockets, fresh, left);
        }
        Optional<String> shielded = joining.protectedNow(holding, eviction, fresh, policy.get());
        if (shielded.isPresent()) {
            return end.failed(eviction, exits.audit(), shielded.get());
        }
        return stillHolding(stored, eviction, exits.audit(), holding, left);
    }

    /** By the cheap look: all were told, and somebody who was still has the port. */
    private boolean unchanged(Eviction eviction) throws ObservationException {
        List<Target> left = Targets.left(eviction);
        if (left.stream().anyMatch(target -> untold(eviction, target))) {
            return false;
        }
        List<Listener> sockets = world.colliding(eviction, looks.current(lookAge));
        return left.stream()
                .anyMatch(target -> sockets.stream().anyMatch(socket -> Targets.holds(socket, target.process())));
    }

    private static boolean untold(Eviction eviction, Target target) {
        return !target.signals().contains(Targets.signalOf(eviction).name());
    }

    private Step nobodyThere(EvictionWorld.Exits exits, Duration left)
            throws ObservationException, StoreException, StaleVersionException {
        Eviction eviction = exits.eviction();
        Optional<Blockage> blockage = blockages
                .tryBind(eviction.port(), world.bindHost(eviction))
                // These say nothing about holders: by the look the port is free.
                .filter(found ->
                        found.cause() != Blockage.Cause.PERMISSION && found.cause() != Blockage.Cause.ADDRESS_NOT_HERE);
        if (blockage.isPresent()) {
            return left.isZero()
                    ? end.failed(
                            eviction,
                            exits.audit(),
                            "nothing listens on port " + eviction.port() + " any more, but it can't be bound: "
                                    + blockage.get().explanation())
                    : new Step.Await(left.compareTo(RECHECK) < 0 ? left : RECHECK);
        }
        end.answerFree(eviction);
        Duration watch = EvictionWorld.watchLength(eviction, policy.get());
        UnaryOperator<Conflict> succeeded = journal.ended(Outcome.SUCCEEDED);
        if (watch.isZero()) {
            return end.freed(eviction, exits.audit(), succeeded, "port " + eviction.port() + " is free");
        }
        Eviction watched = eviction.entering(Phase.WATCHING, clock.instant().plus(watch));
        return new Step.Go(journal.store(watched, exits.audit(), succeeded));
    }

    private Step withoutTargets(
            Eviction eviction, List<AuditEntry> exits, List<Listener> sockets, HostSnapshot fresh, Duration left)
            throws ObservationException, StoreException, StaleVersionException {
        Joining.Found found = joining.look(eviction, sockets, fresh, policy.get());
        if (found instanceof Joining.Found.None) {
            return watching.taken(eviction, sockets, fresh);
        }
        if (found instanceof Joining.Found.Unseen unseen) {
            return left.isZero()
                    ? end.failed(
                            eviction,
                            exits,
                            "who holds port " + eviction.port() + " now can't be seen: " + unseen.reason())
                    : new Step.Await(left.compareTo(WatchingPhase.SEARCH) < 0 ? left : WatchingPhase.SEARCH);
        }
        if (found instanceof Joining.Found.Forbidden forbidden) {
            return end.failed(eviction, exits, forbidden.reason());
        }
        List<Target> joined = ((Joining.Found.Joined) found).targets();
        List<Target> all = new ArrayList<>(eviction.targets());
        all.addAll(joined);
        return told(eviction.withTargets(all), exits, joined, "it holds the same socket of port " + eviction.port());
    }

    private Step stillHolding(
            Eviction stored, Eviction eviction, List<AuditEntry> exits, List<Target> holding, Duration left)
            throws StoreException, StaleVersionException {
        Signal signal = Targets.signalOf(eviction);
        List<Target> untold =
                holding.stream().filter(target -> untold(eviction, target)).toList();
        List<Target> due = untold.stream()
                .filter(target -> retries.left(eviction, target, signal).isZero())
                .toList();
        // What was never tried by this process is tried whatever the deadline says: gently comes first.
        boolean firstTry = retries.why(eviction).isEmpty();
        if (!due.isEmpty() && (!left.isZero() || firstTry)) {
            return told(eviction, exits, due, "it holds port " + eviction.port());
        }
        if (left.isZero()) {
            return overdue(eviction, exits, holding, untold);
        }
        if (!eviction.equals(stored)) {
            return new Step.Go(journal.store(eviction, exits, UnaryOperator.identity()));
        }
        Duration retry = untold.stream()
                .map(target -> retries.left(eviction, target, signal))
                .reduce(left, (a, b) -> a.compareTo(b) < 0 ? a : b);
        return new Step.Await(retry);
    }

    /** Stores the intent of the phase's signal for these. */
    private Step told(Eviction eviction, List<AuditEntry> exits, List<Target> targets, String reason)
            throws StoreException, StaleVersionException {
        Duration length = eviction.phase() == Phase.KILLING ? KILL_WAIT : eviction.grace();
        Instant now = clock.instant();
        Instant last = eviction.startedAt()
                .plus(eviction.grace().multipliedBy(MOST_GRACES))
                .plus(KILL_WAIT.multipliedBy(MOST_GRACES));
        Instant wanted = now.plus(length);
        // Nobody was told in this phase yet: after an interruption, however long, the phase begins anew.
        boolean fresh = eviction.targets().stream().allMatch(target -> untold(eviction, target));
        Instant deadline = wanted.isAfter(last) && !fresh ? last : wanted;
        Eviction extended =
                deadline.isAfter(eviction.deadline()) ? eviction.entering(eviction.phase(), deadline) : eviction;
        EvictionStart.Intended intended = start.intend(extended, targets, reason);
        List<AuditEntry> audit = new ArrayList<>(exits);
        audit.addAll(intended.audit());
        Eviction stored = journal.store(
                intended.eviction(),
                audit,
                journal.trying(Targets.signalOf(eviction) + " to " + Targets.names(targets)));
        acts.intended(intended.acts());
        return new Step.Go(stored);
    }

    private Step overdue(Eviction eviction, List<AuditEntry> exits, List<Target> holding, List<Target> untold)
            throws StoreException, StaleVersionException {
        if (!untold.isEmpty()) {
            return end.failed(
                    eviction,
                    exits,
                    "port " + eviction.port() + " is still held by " + Targets.names(untold)
                            + ", which could not be signalled: "
                            + retries.why(eviction).orElse("unknown reason"));
        }
        if (eviction.phase() == Phase.KILLING) {
            return end.failed(
                    eviction,
                    exits,
                    "port " + eviction.port() + " is still held by " + Targets.names(holding) + " "
                            + KILL_WAIT.toSeconds()
                            + " s after SIGKILL; a process that the kernel holds in a call (state D) ends only when the"
                            + " call returns");
        }
        return told(
                eviction.entering(Phase.KILLING, clock.instant().plus(KILL_WAIT)),
                exits,
                holding,
                "it ignored SIGTERM for " + Units.duration(eviction.grace()));
    }

    /** The sockets by which each target proves itself, as they are now. */
    private static List<Target> proofs(Eviction eviction, List<Listener> sockets) {
        return eviction.targets().stream()
                .map(target -> {
                    Set<Long> now = sockets.stream()
                            .filter(socket -> Targets.holds(socket, target.process()))
                            .flatMap(socket -> socket.inode().stream().boxed())
                            .collect(Collectors.toSet());
                    return now.isEmpty() || now.equals(target.inodes()) ? target : Targets.holding(target, now);
                })
                .toList();
    }
}
