package dev.berth.control;

import dev.berth.host.HostObserver;
import dev.berth.host.ObservationException;
import dev.berth.host.SharedLook;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The latest look at the machine, kept for every pass. A fresh look at one port replaces what the latest said about it, so
 * that a pass never decides on something older than what Berth has already seen.
 */
final class Looks {
    /** What a program forks as it comes up has its sockets too, and is found by ticks in rounds of two seconds. */
    private static final Duration YOUNG = Duration.ofSeconds(5);

    private final HostObserver observer;
    private final LongSupplier ticker;
    private final Consumer<Set<PortKey>> changed;
    /** One look at a time: the observer's cache is made for one ticker. */
    private final Object looking = new Object();

    private final SharedLook<HostSnapshot> asked;

    // Guarded by this.
    private Optional<Seen> seen = Optional.empty();
    /** Completed when the last look that began has ended, whatever came of it. */
    private CompletableFuture<?> underWay = CompletableFuture.completedFuture(Optional.empty());

    private Optional<String> trouble = Optional.empty();
    private final Map<PortKey, PortLook> newer = new TreeMap<>();
    private long staleSince;
    private boolean stale;

    /** @param changed told of the ports on which a look differs from the one before */
    Looks(HostObserver observer, LongSupplier ticker, Consumer<Set<PortKey>> changed) {
        this.observer = observer;
        this.ticker = ticker;
        this.changed = changed;
        this.asked = new SharedLook<>(this::tick, ticker);
    }

    private record Tick(HostSnapshot snapshot, Set<PortKey> changed) {}

    private record Seen(HostSnapshot snapshot, long begun) {}

    private record PortLook(HostSnapshot snapshot, long ended) {}

    /** Looks at the whole machine now. When that fails, the look before stays the latest one. */
    HostSnapshot tick() throws ObservationException {
        return look(() -> Optional.of(observer.observe())).orElseThrow();
    }

    /**
     * As {@link #tick}, unless the observer knows without looking that nothing changed: then the look before stays the latest
     * one, as old as it is, and false is answered.
     */
    boolean tickIfChanged() throws ObservationException {
        return look(observer::observeChange).isPresent();
    }

    private interface Look {
        Optional<HostSnapshot> take() throws ObservationException;
    }

    private Optional<HostSnapshot> look(Look look) throws ObservationException {
        synchronized (looking) {
            long begun = ticker.getAsLong();
            CompletableFuture<?> ended = new CompletableFuture<>();
            begin(ended);
            Optional<Tick> tick;
            try {
                tick = look.take().map(snapshot -> accept(snapshot, begun));
            } catch (ObservationException e) {
                synchronized (this) {
                    trouble = Optional.of(String.valueOf(e.getMessage()));
                }
                throw e;
            } finally {
                ended.complete(null);
            }
            tick.map(Tick::changed).filter(ports -> !ports.isEmpty()).ifPresent(changed);
            return tick.map(Tick::snapshot);
        }
    }

    private synchronized void begin(CompletableFuture<?> look) {
        underWay = look;
    }

    private synchronized Tick accept(HostSnapshot snapshot, long begun) {
        trouble = Optional.empty();
        // A port that was looked at while this look was under way: which of the two is newer can't be told, keep the
        // thorough one.
        newer.values().removeIf(look -> look.ended() - begun <= 0);
        HostSnapshot merged = snapshot;
        for (Map.Entry<PortKey, PortLook> each : newer.entrySet()) {
            merged = replace(merged, each.getKey(), each.getValue().snapshot());
        }
        if (stale && staleSince - begun <= 0) {
            stale = false;
        }
        List<Listener> before = seen.map(old -> old.snapshot().listeners()).orElse(List.of());
        seen = Optional.of(new Seen(merged, begun));
        return new Tick(merged, changes(before, merged.listeners()));
    }

    /**
     * The latest look, or a new one when that is older than {@code maxAge} now, or is known to be outdated. However long others
     * looked meanwhile, theirs is as new as was asked for: a hundred that start would otherwise look one after the other.
     */
    HostSnapshot current(Duration maxAge) throws ObservationException {
        long oldest = ticker.getAsLong() - maxAge.toNanos();
        Optional<HostSnapshot> known = begunSince(oldest);
        if (known.isEmpty()) {
            // No other can begin before it ends, and it may be new enough.
            underWay().join();
            known = begunSince(oldest);
        }
        if (known.isPresent()) {
            return known.get();
        }
        HostSnapshot answer = asked.get();
        // Meanwhile somebody may have looked more thoroughly at one port.
        return begunSince(oldest).orElse(answer);
    }

    private synchronized CompletableFuture<?> underWay() {
        return underWay;
    }

    /** The latest look, unless that is older than {@code maxAge} now, or is known to be outdated. */
    Optional<HostSnapshot> known(Duration maxAge) {
        return begunSince(ticker.getAsLong() - maxAge.toNanos());
    }

    private synchronized Optional<HostSnapshot> begunSince(long oldest) {
        return seen.filter(latest -> !stale && latest.begun() - oldest >= 0).map(Seen::snapshot);
    }

    /** The latest look, however old and outdated: for whom no socket matters. */
    HostSnapshot any() throws ObservationException {
        Optional<HostSnapshot> known = latest();
        return known.isPresent() ? known.get() : tick();
    }

    /** A fresh and thorough look at one port; the latest look tells the same about it from now on. */
    HostSnapshot inspect(PortKey port) throws ObservationException {
        HostSnapshot fresh = observer.inspect(port);
        boolean differs;
        synchronized (this) {
            newer.put(port, new PortLook(fresh, ticker.getAsLong()));
            differs = seen.isPresent() && !seen.get().snapshot().on(port).equals(fresh.on(port));
            seen = seen.map(old -> new Seen(replace(old.snapshot(), port, fresh), old.begun()));
        }
        if (differs) {
            changed.accept(Set.of(port));
        }
        return fresh;
    }

    /**
     * A new look at the machine, for telling about the port: thorough where a socket of it is so new that its owner is still
     * searched for, or may have others that are. Every other owner was proven within seconds, which is enough for people and not
     * for a signal.
     */
    HostSnapshot now(PortKey port) throws ObservationException {
        HostSnapshot look = tick();
        return look.on(port).stream().anyMatch(socket -> isSearched(socket) || isYoung(socket, look))
                ? inspect(port)
                : look;
    }

    private static boolean isSearched(Listener listener) {
        return listener.ownership() instanceof Ownership.Unseen unseen && unseen.searching();
    }

    private static boolean isYoung(Listener socket, HostSnapshot look) {
        return socket.ownership() instanceof Ownership.Held held
                && held.holders().stream()
                        .flatMap(holder -> Optional.ofNullable(look.processes().get(holder)).stream())
                        .anyMatch(facts ->
                                facts.startedAt().isAfter(look.takenAt().minus(YOUNG)));
    }

    /** Something happened that the latest look can't have seen. */
    synchronized void outdated() {
        stale = true;
        staleSince = ticker.getAsLong();
    }

    synchronized Optional<HostSnapshot> latest() {
        return seen.map(Seen::snapshot);
    }

    synchronized Optional<String> trouble() {
        return trouble;
    }

    static HostSnapshot replace(HostSnapshot whole, PortKey port, HostSnapshot part) {
        List<Listener> before = whole.on(port);
        List<Listener> after = part.on(port);
        if (before.equals(after)
                && whole.processes().entrySet().containsAll(part.processes().entrySet())) {
            return whole;
        }
        List<Listener> listeners = new ArrayList<>(whole.listeners().size() + after.size());
        for (Listener listener : whole.listeners()) {
            if (!listener.key().equals(port)) {
                listeners.add(listener);
            }
        }
        listeners.addAll(after);
        Map<ProcessRef, ProcessFacts> processes = new HashMap<>(whole.processes());
        processes.putAll(part.processes());
        return new HostSnapshot(listeners, processes, whole.takenAt(), whole.completeness());
    }

    private static Set<PortKey> changes(List<Listener> before, List<Listener> after) {
        if (before.equals(after)) {
            return Set.of();
        }
        Set<Listener> old = new HashSet<>(before);
        Set<Listener> young = new HashSet<>(after);
        Set<PortKey> ports = new HashSet<>();
        before.stream().filter(each -> !young.contains(each)).forEach(each -> ports.add(each.key()));
        after.stream().filter(each -> !old.contains(each)).forEach(each -> ports.add(each.key()));
        return ports;
    }
}
