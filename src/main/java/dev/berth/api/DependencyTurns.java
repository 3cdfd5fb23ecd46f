package dev.berth.api;

import dev.berth.control.Declarations;
import dev.berth.host.ObservationException;
import dev.berth.store.StaleVersionException;
import dev.berth.store.StoreException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * Lets one change at a time judge and store what the services of a namespace depend on. Whoever waits for too long is told
 * so: the threads that answer calls are few, and the change that they wait for may be another user's.
 */
final class DependencyTurns {
    /** Longer than a disk that is busy takes to store a change; shorter than clients wait for an answer. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private static final int UNAVAILABLE = 503;
    private static final int RETRY_SECONDS = 2;

    private final Declarations declarations;
    private final Duration longestWait;

    DependencyTurns(Declarations declarations) {
        this(declarations, LONGEST_WAIT);
    }

    /** @param longestWait for the turn of one namespace */
    DependencyTurns(Declarations declarations, Duration longestWait) {
        this.declarations = declarations;
        this.longestWait = longestWait;
    }

    /** Does it while no other change of these namespaces' dependencies is under way; refuses with 503 if others go on and on. */
    <T> T in(Collection<String> namespaces, Stored.Call<T> change)
            throws StoreException, StaleVersionException, ObservationException {
        Deque<Lock> taken = new ArrayDeque<>();
        try {
            // In one order, so that two that want the same ones don't wait for each other.
            for (String namespace : new TreeSet<>(namespaces)) {
                Lock turn = declarations.dependencies(namespace);
                take(turn, namespace);
                taken.push(turn);
            }
            return change.run();
        } finally {
            taken.forEach(Lock::unlock);
        }
    }

    private void take(Lock turn, String namespace) {
        try {
            if (turn.tryLock(longestWait.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        throw Problems.problem(
                        UNAVAILABLE,
                        "other changes of what the services of the namespace " + namespace
                                + " depend on are still under way; nothing was changed, try again in a moment")
                .withHeader("Retry-After", RETRY_SECONDS)
                .build();
    }
}
