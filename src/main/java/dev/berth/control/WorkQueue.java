package dev.berth.control;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A queue of names to reconcile, with the guarantees of Kubernetes' work queues:
 *
 * <ul>
 *   <li>a key that is added several times before it is taken is taken once;
 *   <li>a key is never with two workers at once: added while it is being worked on, it is ready again after {@link #done};
 *   <li>keys become ready in the order in which they were added; of two delayed adds of one key the earlier one counts;
 *   <li>failures of a key are counted until {@link #forget}, and each makes the next delay longer.
 * </ul>
 *
 * <p>Time is the ticker given; {@link #take} additionally waits on real time, so a virtual clock uses {@link #poll}.
 */
final class WorkQueue<K> {
    private final LongSupplier ticker;
    private final RandomGenerator jitter;
    private final int capacity;
    private final Duration backoffFirst;
    private final Duration backoffMost;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All guarded by lock. Values of ready and processing: since when, in ticker nanoseconds.
    private final LinkedHashMap<K, Long> ready = new LinkedHashMap<>();
    private final Map<K, Long> processing = new HashMap<>();
    private final Set<K> dirty = new HashSet<>();
    private final Map<K, Delayed<K>> delayed = new HashMap<>();
    private final TreeSet<Delayed<K>> byTime =
            new TreeSet<>(Comparator.<Delayed<K>>comparingLong(Delayed::due).thenComparingLong(Delayed::order));
    private final Map<K, Integer> failures = new HashMap<>();
    private long orders;
    private boolean closed;
    /** The one taker that waits for the first of byTime. The others wait to be told, so that one key wakes one of them. */
    private @Nullable Thread timekeeper;

    WorkQueue(LongSupplier ticker, RandomGenerator jitter, int capacity, Duration backoffFirst, Duration backoffMost) {
        this.ticker = ticker;
        this.jitter = jitter;
        this.capacity = capacity;
        this.backoffFirst = backoffFirst;
        this.backoffMost = backoffMost;
    }

    /**
     * Makes the key ready now.
     *
     * @return false when the queue is full or closed, and the key was not in it already
     */
    boolean add(K key) {
        lock.lock();
        try {
            return makeReady(key, ticker.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /** Makes all of them ready now, before any of them is taken; those that find no room are left out. */
    void addAll(Collection<K> keys) {
        lock.lock();
        try {
            long now = ticker.getAsLong();
            keys.forEach(key -> makeReady(key, now));
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #add}, but leaves a key alone that failed and waits for its next try. */
    boolean addUnlessBackingOff(K key) {
        lock.lock();
        try {
            if (failures.containsKey(key) && delayed.containsKey(key)) {
                return true;
            }
            return makeReady(key, ticker.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /** Makes the key ready after the delay, unless it becomes ready earlier for another reason. */
    boolean addAfter(K key, Duration delay) {
        lock.lock();
        try {
            return delay(key, delay, true);
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #addAfter}, for a taker that will {@link #take} again at once: it keeps the time then, and nobody is woken for it. */
    boolean addAgain(K key, Duration delay) {
        lock.lock();
        try {
            return delay(key, delay, false);
        } finally {
            lock.unlock();
        }
    }

    /** Counts a failure of the key and makes it ready after a delay that grows with them. */
    Duration retry(K key) {
        lock.lock();
        try {
            int count = failures.merge(key, 1, Integer::sum);
            Duration delay = backoff(count);
            delay(key, delay, true);
            return delay;
        } finally {
            lock.unlock();
        }
    }

    /** The key succeeded: its failures no longer count. */
    void forget(K key) {
        lock.lock();
        try {
            failures.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the key that has been ready longest, without waiting. The taker must call {@link #done}. */
    Optional<K> poll() {
        lock.lock();
        try {
            return next();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #poll}, but waits until there is one; empty when the queue was closed. */
    Optional<K> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                Optional<K> key = next();
                if (key.isPresent()) {
                    return key;
                }
                if (byTime.isEmpty() || timekeeper != null) {
                    changed.await();
                } else {
                    keepTime(byTime.first());
                }
            }
            return Optional.empty();
        } finally {
            // Whoever leaves while nobody keeps the time hands that on; where more is ready, another was woken for it
            // already.
            if (timekeeper == null && ready.isEmpty() && !byTime.isEmpty()) {
                changed.signal();
            }
            lock.unlock();
        }
    }

    private void keepTime(Delayed<K> first) throws InterruptedException {
        timekeeper = Thread.currentThread();
        try {
            // Woken early or late, the caller looks again.
            long ignored = changed.awaitNanos(first.dueIn(ticker.getAsLong()));
        } finally {
            if (timekeeper == Thread.currentThread()) {
                timekeeper = null;
            }
        }
    }

    /**
     * The taker has finished with the key.
     *
     * @return how long it had it
     */
    Duration done(K key) {
        lock.lock();
        try {
            Long since = processing.remove(key);
            if (since == null) {
                throw new IllegalStateException(key + " is not being worked on");
            }
            if (dirty.remove(key) && !closed) {
                ready.put(key, ticker.getAsLong());
                changed.signal();
            }
            return Duration.ofNanos(ticker.getAsLong() - since);
        } finally {
            lock.unlock();
        }
    }

    /** How long until a key is ready; zero when one is, empty when nothing waits. */
    Optional<Duration> untilNext() {
        lock.lock();
        try {
            if (!ready.isEmpty()) {
                return Optional.of(Duration.ZERO);
            }
            return byTime.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Duration.ofNanos(Math.max(0, byTime.first().dueIn(ticker.getAsLong()))));
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more and lets waiting takers go. */
    void close() {
        lock.lock();
        try {
            closed = true;
            ready.clear();
            dirty.clear();
            delayed.clear();
            byTime.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Is a key ready that nobody has taken yet? */
    boolean isAnyReady() {
        lock.lock();
        try {
            return !ready.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** How it stands, all read at one moment. */
    Depth depth() {
        lock.lock();
        try {
            long now = ticker.getAsLong();
            long oldest = ready.values().stream()
                    .mapToLong(since -> now - since)
                    .max()
                    .orElse(0);
            long longest = processing.values().stream()
                    .mapToLong(since -> now - since)
                    .max()
                    .orElse(0);
            return new Depth(
                    ready.size(),
                    Duration.ofNanos(oldest),
                    processing.size(),
                    Duration.ofNanos(longest),
                    failures.size());
        } finally {
            lock.unlock();
        }
    }

    /** See {@link LoopProgress}. */
    record Depth(int ready, Duration oldestReady, int running, Duration longestRunning, int failing) {}

    private boolean makeReady(K key, long now) {
        if (closed) {
            return false;
        }
        if (processing.containsKey(key)) {
            // Not counted against the capacity: at most one per worker.
            dirty.add(key);
            return true;
        }
        if (ready.containsKey(key)) {
            return true;
        }
        Delayed<K> waiting = delayed.remove(key);
        if (waiting != null) {
            byTime.remove(waiting);
        } else if (isFull()) {
            return false;
        }
        ready.put(key, now);
        changed.signal();
        return true;
    }

    private boolean delay(K key, Duration delay, boolean wake) {
        long now = ticker.getAsLong();
        if (delay.isZero() || delay.isNegative()) {
            return makeReady(key, now);
        }
        if (closed) {
            return false;
        }
        if (ready.containsKey(key) || dirty.contains(key)) {
            return true;
        }
        Delayed<K> entry = new Delayed<>(key, now + delay.toNanos(), orders++);
        Delayed<K> present = delayed.get(key);
        if (present != null) {
            if (present.dueIn(now) <= entry.dueIn(now)) {
                return true;
            }
            byTime.remove(present);
        } else if (isFull()) {
            return false;
        }
        delayed.put(key, entry);
        byTime.add(entry);
        if (byTime.first() == entry) {
            // Who waits for what was the first waits too long: another takes over.
            timekeeper = null;
            if (wake) {
                changed.signal();
            }
        }
        return true;
    }

    private Optional<K> next() {
        long now = ticker.getAsLong();
        while (!byTime.isEmpty() && byTime.first().dueIn(now) <= 0) {
            Delayed<K> first = byTime.first();
            byTime.remove(first);
            delayed.remove(first.key());
            if (processing.containsKey(first.key())) {
                dirty.add(first.key());
            } else {
                ready.putIfAbsent(first.key(), now);
            }
        }
        var keys = ready.keySet().iterator();
        if (!keys.hasNext()) {
            return Optional.empty();
        }
        K key = keys.next();
        keys.remove();
        processing.put(key, now);
        if (!ready.isEmpty()) {
            changed.signal();
        }
        return Optional.of(key);
    }

    private boolean isFull() {
        return ready.size() + delayed.size() >= capacity;
    }

    /** Half of the delay is certain, half is chance, so that keys that failed together are not tried together. */
    private Duration backoff(int count) {
        long most = backoffMost.toNanos();
        int doublings = Math.min(count - 1, Long.SIZE - 2);
        long first = backoffFirst.toNanos();
        long whole = first > (most >> doublings) ? most : first << doublings;
        long half = Math.max(1, whole / 2);
        return Duration.ofNanos(half + jitter.nextLong(half));
    }

    private record Delayed<K>(K key, long due, long order) {
        long dueIn(long now) {
            return due - now;
        }
    }
}
