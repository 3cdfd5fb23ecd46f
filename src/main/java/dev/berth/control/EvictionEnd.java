package dev.berth.control;

import dev.berth.model.AuditEntry;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.Outcome;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Brings an eviction to its end: stores it, answers who waits, and hands over to the service that wanted the port. */
final class EvictionEnd {
    private final EvictionJournal journal;
    private final FreeWaiters waiters;
    private final Consumer<WorkKey> enqueue;
    private final InstantSource clock;
    private final DecisionLog log;

    EvictionEnd(
            EvictionJournal journal,
            FreeWaiters waiters,
            Consumer<WorkKey> enqueue,
            InstantSource clock,
            DecisionLog log) {
        this.journal = journal;
        this.waiters = waiters;
        this.enqueue = enqueue;
        this.clock = clock;
        this.log = log;
    }

    /** The port stayed free, or its service has it, or somebody else whom a new look will judge. */
    Step freed(Eviction eviction, List<AuditEntry> audit, UnaryOperator<Conflict> change, String words)
            throws StoreException, StaleVersionException {
        return end(eviction.ended(Eviction.Phase.FREED, words), audit, change, false);
    }

    UnaryOperator<Conflict> attemptsSucceeded() {
        return journal.ended(Outcome.SUCCEEDED);
    }

    Step cameBack(Eviction eviction, List<AuditEntry> audit, Aftermath.Taker.CameBack taker)
            throws StoreException, StaleVersionException {
        return end(
                eviction.ended(Eviction.Phase.RESPAWNED, taker.message()), audit, journal.cameBack(taker.by()), true);
    }

    Step failed(Eviction eviction, List<AuditEntry> audit, String why) throws StoreException, StaleVersionException {
        return end(eviction.ended(Eviction.Phase.FAILED, why), audit, journal.ended(Outcome.FAILED), true);
    }

    /** Nobody wants the port emptied any more: nothing further is signalled. */
    Step givenUp(Eviction eviction, String why) throws StoreException, StaleVersionException {
        journal.remove(eviction, List.of());
        log.decided(eviction.conflict(), "stopped emptying port " + eviction.port() + ": " + why);
        stillTaken(eviction, why);
        return new Step.Over(Optional.empty());
    }

    private Step end(Eviction ended, List<AuditEntry> audit, UnaryOperator<Conflict> change, boolean bad)
            throws StoreException, StaleVersionException {
        String words = ended.message().orElse("");
        if (bad) {
            stillTaken(ended, words);
        }
        if (ended.service().isEmpty()) {
            journal.remove(ended, audit);
            tell(ended, words, bad);
            return new Step.Over(Optional.empty());
        }
        Eviction stored = journal.store(ended, audit, change);
        tell(ended, words, bad);
        ended.service().map(WorkKey::service).ifPresent(enqueue);
        return new Step.Over(Optional.of(stored));
    }

    private void tell(Eviction ended, String words, boolean bad) {
        if (bad) {
            log.trouble(ended.conflict(), words);
        } else {
            log.decided(ended.conflict(), words);
        }
    }

    /** The one who asked need not wait for the disk to hear that the port is free. */
    void answerFree(Eviction eviction) {
        waiters.answer(eviction, new Freed.Done(eviction.port(), Targets.actions(eviction, true, clock.instant())));
    }

    void stillTaken(Eviction eviction, String why) {
        waiters.answer(
                eviction,
                new Freed.StillTaken(eviction.port(), why, Targets.actions(eviction, false, clock.instant())));
    }
}
