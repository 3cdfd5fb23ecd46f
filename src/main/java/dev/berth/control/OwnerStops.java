package dev.berth.control;

import dev.berth.host.OwnerStop;
import dev.berth.model.Actor;
import dev.berth.model.AuditEntry;
import dev.berth.model.Conflict;
import dev.berth.model.ConflictAction;
import dev.berth.model.Origin;
import dev.berth.model.Outcome;
import dev.berth.plan.Action;
import dev.berth.store.ChangeSet;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Stops units and containers through their owners. The command may take long, so it runs beside the workers; the intent
 * stands in the conflict as an action without outcome, and a later pass of the service stores what came of it. An action
 * without outcome that this process does not know of is from before an interruption.
 */
final class OwnerStops {
    static final String STOP_OWNER = "StopOwner";

    /** Units have a stop timeout of 90 s by default; what takes longer is reported as failed and goes on by itself. */
    static final Duration TIMEOUT = Duration.ofSeconds(100);

    private final Registry registry;
    private final OwnerStop owners;
    private final Looks looks;
    private final Executor blocking;
    private final Consumer<WorkKey> enqueue;
    private final InstantSource clock;
    private final DecisionLog log;

    // Guarded by this; by conflict. The value of a result: why it failed, or empty.
    private final Set<String> underWay = new HashSet<>();
    private final Map<String, Optional<String>> results = new HashMap<>();

    OwnerStops(
            Registry registry,
            OwnerStop owners,
            Looks looks,
            Executor blocking,
            Consumer<WorkKey> enqueue,
            InstantSource clock,
            DecisionLog log) {
        this.registry = registry;
        this.owners = owners;
        this.looks = looks;
        this.blocking = blocking;
        this.enqueue = enqueue;
        this.clock = clock;
        this.log = log;
    }

    /** Stores the intent with the draft; the command runs after the commit. */
    Optional<String> handle(Action.StopOwner action, ServiceDraft draft) {
        Optional<Conflict> conflict = draft.openConflict(action.port());
        if (conflict.isEmpty()) {
            return Optional.of("no conflict is open about port " + action.port());
        }
        String id = conflict.get().id();
        if (open(conflict.get()).isPresent()) {
            return Optional.empty();
        }
        String words = owners.commandFor(action.origin())
                .map(command -> String.join(" ", command))
                .orElseGet(() -> name(action.origin()));
        Conflict tried = conflict.get()
                .withAction(new ConflictAction(STOP_OWNER, words, draft.now(), Outcome.INTENDED, Optional.empty()));
        draft.conflict(tried);
        draft.audit(entry(tried, action.reason(), Outcome.INTENDED, words, draft.now()));
        draft.afterCommit(() -> {
            begin(id);
            log.decided(Optional.of(id), "stopping what owns the holder of port " + action.port() + ": " + words);
            blocking.execute(() -> {
                finished(id, owners.stop(action.origin(), TIMEOUT));
                // What was seen before tells of the time before.
                looks.outdated();
                enqueue.accept(WorkKey.service(tried.service()));
            });
        });
        return Optional.empty();
    }

    private synchronized void begin(String conflict) {
        underWay.add(conflict);
    }

    private synchronized void finished(String conflict, Optional<String> failure) {
        underWay.remove(conflict);
        results.put(conflict, failure);
    }

    private synchronized boolean isUnderWay(String conflict) {
        return underWay.contains(conflict);
    }

    private synchronized Optional<Optional<String>> result(String conflict) {
        return Optional.ofNullable(results.get(conflict));
    }

    private synchronized void stored(String conflict) {
        results.remove(conflict);
    }

    /** Stores what came of a stop of this conflict, if one has ended since. */
    void collect(Conflict conflict) throws StoreException, StaleVersionException {
        Optional<ConflictAction> intent = open(conflict);
        if (intent.isEmpty() || isUnderWay(conflict.id())) {
            return;
        }
        Optional<Optional<String>> known = result(conflict.id());
        Instant now = clock.instant();
        Outcome outcome =
                known.isEmpty() ? Outcome.UNKNOWN : known.get().isEmpty() ? Outcome.SUCCEEDED : Outcome.FAILED;
        String words = known.isEmpty()
                ? "Berth was interrupted while it ran"
                : known.get().orElse("stopped");
        ConflictAction intended = intent.get();
        registry.commit(ChangeSet.builder()
                .put(ended(conflict, intended, outcome, words, now))
                .audit(entry(conflict, words, outcome, intended.detail(), now))
                .build());
        stored(conflict.id());
        if (outcome != Outcome.SUCCEEDED) {
            log.trouble(Optional.of(conflict.id()), intended.detail() + " did not succeed: " + words);
        }
    }

    /** @param outcome of the stop that nobody waits for any more; empty when none was under way */
    record Abandoned(Conflict conflict, Optional<AuditEntry> outcome) {}

    /** Before a conflict is closed: every intent gets an outcome, also that of a stop that has not come back. */
    static Abandoned abandon(Conflict conflict, Instant now) {
        return open(conflict)
                .map(intended -> {
                    String words = "the contest was over before it was known what came of it";
                    return new Abandoned(
                            ended(conflict, intended, Outcome.UNKNOWN, words, now),
                            Optional.of(entry(conflict, words, Outcome.UNKNOWN, intended.detail(), now)));
                })
                .orElseGet(() -> new Abandoned(conflict, Optional.empty()));
    }

    private static Conflict ended(
            Conflict conflict, ConflictAction intended, Outcome outcome, String words, Instant now) {
        List<ConflictAction> actions = new ArrayList<>(conflict.actions());
        actions.set(
                actions.indexOf(intended),
                new ConflictAction(
                        STOP_OWNER,
                        outcome == Outcome.SUCCEEDED ? intended.detail() : intended.detail() + ": " + words,
                        intended.at(),
                        outcome,
                        Optional.of(Duration.between(intended.at(), now))));
        return conflict.withActions(actions);
    }

    private static Optional<ConflictAction> open(Conflict conflict) {
        return conflict.actions().stream()
                .filter(action -> action.action().equals(STOP_OWNER) && action.outcome() == Outcome.INTENDED)
                .findFirst();
    }

    /** The act's name follows from the conflict, so that it need not be stored to be found again. */
    private static AuditEntry entry(Conflict conflict, String reason, Outcome outcome, String detail, Instant at) {
        long nth = conflict.actions().stream()
                .filter(action -> action.action().equals(STOP_OWNER))
                .count();
        return new AuditEntry(
                at,
                Actor.CONTROLLER,
                Audits.OWNER_STOPPED,
                AuditEntry.Target.port(conflict.port()),
                reason,
                outcome,
                detail,
                Optional.of(conflict.service()),
                Optional.of(conflict.id()),
                Optional.of(conflict.id() + "-stop-" + nth));
    }

    private static String name(Origin origin) {
        return origin.unit()
                .map(unit -> "unit " + unit)
                .or(() -> origin.container().map(container -> "container " + container))
                .orElse("its owner");
    }
}
