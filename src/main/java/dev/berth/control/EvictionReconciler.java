package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.Actor;
import dev.berth.model.Eviction;
import dev.berth.model.Eviction.Phase;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessRef;
import dev.berth.store.Registry;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Carries one eviction forward: sends what is intended and records the outcome, then as many steps as the world allows now.
 * All that it knows between two passes is stored; it can be dropped between any two lines.
 */
final class EvictionReconciler {
    /** More steps than an eviction has phases, with joined targets; a limit so that a pass ends. */
    private static final int MOST_STEPS = 16;

    private final Registry registry;
    private final SignalSender sender;
    private final EndingPhase ending;
    private final WatchingPhase watching;
    private final EvictionJournal journal;
    private final EvictionEnd end;
    private final ExitWatches watches;
    private final Deadlines deadlines;
    private final SignalRetries retries;

    EvictionReconciler(
            Registry registry,
            SignalSender sender,
            EndingPhase ending,
            WatchingPhase watching,
            EvictionJournal journal,
            EvictionEnd end,
            ExitWatches watches,
            Deadlines deadlines,
            SignalRetries retries) {
        this.registry = registry;
        this.sender = sender;
        this.ending = ending;
        this.watching = watching;
        this.journal = journal;
        this.end = end;
        this.watches = watches;
        this.deadlines = deadlines;
        this.retries = retries;
    }

    /** One pass; returns when to look again at the latest. */
    Optional<Duration> reconcile(PortKey port) throws ObservationException, StoreException, StaleVersionException {
        WorkKey key = WorkKey.eviction(port);
        Optional<Eviction> current = registry.eviction(port);
        for (int steps = 0; steps < MOST_STEPS && current.isPresent(); steps++) {
            Eviction eviction = current.get();
            watches.watch(key, processesLeft(eviction));
            Step step = step(eviction);
            if (step instanceof Step.Await await) {
                return Optional.of(await.most());
            }
            if (step instanceof Step.Over over) {
                watches.watch(key, Set.of());
                deadlines.forget(eviction);
                retries.forget(eviction.id());
                return Optional.empty();
            }
            current = Optional.of(((Step.Go) step).eviction());
        }
        if (current.isEmpty()) {
            watches.watch(key, Set.of());
            return Optional.empty();
        }
        return Optional.of(Duration.ZERO);
    }

    private static Set<ProcessRef> processesLeft(Eviction eviction) {
        return eviction.phase().isOpen()
                ? Targets.left(eviction).stream()
                        .map(Eviction.Target::process)
                        .collect(Collectors.toCollection(LinkedHashSet::new))
                : Set.of();
    }

    private Step step(Eviction eviction) throws ObservationException, StoreException, StaleVersionException {
        if (!eviction.phase().isOpen()) {
            return ended(eviction);
        }
        Optional<String> unwanted =
                isUnwanted(eviction) ? Optional.of("the service that wanted it no longer does") : Optional.empty();
        Optional<SignalSender.Settled> settled = sender.settle(eviction, unwanted);
        if (settled.isPresent()) {
            return record(settled.get());
        }
        if (unwanted.isPresent()) {
            return end.givenUp(eviction, unwanted.get());
        }
        return eviction.phase() == Phase.WATCHING ? watching.step(eviction) : ending.step(eviction);
    }

    private Step record(SignalSender.Settled settled) throws StoreException, StaleVersionException {
        Step step = settled.fatal().isPresent()
                ? end.failed(
                        settled.eviction(), settled.outcomes(), settled.fatal().get())
                : new Step.Go(journal.store(settled.eviction(), settled.outcomes(), UnaryOperator.identity()));
        sender.stored(settled);
        return step;
    }

    /** The service's next pass closes the conflict and removes the eviction with it; left behind is what nobody waits for. */
    private Step ended(Eviction eviction) throws StoreException, StaleVersionException {
        if (isOrphaned(eviction)) {
            journal.remove(eviction, List.of());
            return new Step.Over(Optional.empty());
        }
        return new Step.Over(Optional.of(eviction));
    }

    /** What a person asked for goes on; what the loop decided ends with its reason. */
    private boolean isUnwanted(Eviction eviction) {
        return eviction.requestedBy().kind() == Actor.Kind.CONTROLLER && isOrphaned(eviction);
    }

    private boolean isOrphaned(Eviction eviction) {
        boolean serviceGone = eviction.service()
                .filter(key -> registry.service(key).isEmpty())
                .isPresent();
        boolean conflictOver =
                eviction.conflict().isPresent() && journal.conflictOf(eviction).isEmpty();
        return serviceGone || conflictOver;
    }
}
