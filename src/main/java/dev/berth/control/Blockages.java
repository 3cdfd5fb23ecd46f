package dev.berth.control;

import dev.berth.host.HostObserver;
import dev.berth.host.ObservationException;
import dev.berth.host.PortHold;
import dev.berth.model.Blockage;
import dev.berth.model.PortKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Ports that could not be bound although nothing was seen to listen, with why. An entry is believed for a while, then the
 * port is tried again by whoever asks: it goes only when a bind succeeds, so that a port that stays blocked does not seem
 * free in between. Memory only: after a restart the next bind tells again.
 */
final class Blockages {
    /** A connection's TIME_WAIT takes 60 s; a try costs two system calls, explaining it about as much as forty looks. */
    static final Duration BELIEVED = Duration.ofSeconds(5);

    /** More than anyone has ports blocked; beyond it nothing is remembered and every pass tries by itself. */
    static final int MOST = 10_000;

    private final Holds holds;
    private final HostObserver observer;
    private final LongSupplier ticker;
    // Guarded by this.
    private final NavigableMap<PortKey, Entry> entries = new TreeMap<>();

    Blockages(Holds holds, HostObserver observer, LongSupplier ticker) {
        this.holds = holds;
        this.observer = observer;
        this.ticker = ticker;
    }

    private record Entry(Blockage blockage, String host, long since) {}

    /** Tries to bind; what keeps it from succeeding is remembered, and returned. Empty means free. */
    Optional<Blockage> tryBind(PortKey port, String host) throws ObservationException {
        PortHold.Bind answer = holds.tryBind(port, host);
        Optional<Blockage> found = Optional.empty();
        switch (answer) {
            // Permission says nothing about holders: by the look the port is free, and who may bind it is its service's
            // affair.
            case FREE, DENIED -> {}
            case IN_USE ->
                found = Optional.of(observer.explain(port)
                        .orElseGet(() -> new Blockage(
                                port,
                                Blockage.Cause.UNEXPLAINED,
                                "port " + port
                                        + " could not be bound a moment ago, and nothing that holds it can be seen")));
            case NO_SUCH_ADDRESS ->
                found = Optional.of(new Blockage(
                        port, Blockage.Cause.ADDRESS_NOT_HERE, host + " is not an address of this machine"));
        }
        synchronized (this) {
            if (found.isEmpty()) {
                entries.remove(port);
            } else if (entries.size() < MOST || entries.containsKey(port)) {
                entries.put(port, new Entry(found.get(), host, ticker.getAsLong()));
            }
        }
        return found;
    }

    /** Is nothing blocked, as far as is known? */
    synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    /** What is known, after trying again what was not tried for a while. */
    Map<PortKey, Blockage> current() throws ObservationException {
        Map<PortKey, Entry> known;
        synchronized (this) {
            if (entries.isEmpty()) {
                return Map.of();
            }
            known = new TreeMap<>(entries);
        }
        long now = ticker.getAsLong();
        Map<PortKey, Blockage> blockages = new HashMap<>();
        for (Map.Entry<PortKey, Entry> each : known.entrySet()) {
            Entry entry = each.getValue();
            if (now - entry.since() < BELIEVED.toNanos()) {
                blockages.put(each.getKey(), entry.blockage());
            } else {
                tryBind(each.getKey(), entry.host()).ifPresent(blockage -> blockages.put(each.getKey(), blockage));
            }
        }
        return blockages;
    }

    /** Forgets what was believed of a port, because something listens on it now or has just left it. */
    synchronized void forget(PortKey port) {
        entries.remove(port);
    }
}
