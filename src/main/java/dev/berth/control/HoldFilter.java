package dev.berth.control;

import dev.berth.host.HostObserver;
import dev.berth.host.ObservationException;
import dev.berth.model.Blockage;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Leaves Berth's own holds out of each look. Of TCP a look shows only what listens, but a UDP socket that is bound looks
 * like any server's.
 */
final class HoldFilter implements HostObserver {
    private final HostObserver real;
    private final Supplier<List<PortKey>> udpHolds;
    /** What was left out of the last look at all sockets. */
    private volatile Set<PortKey> hidden = Set.of();

    /** @param udpHolds the UDP ports that Berth itself holds now */
    HoldFilter(HostObserver real, Supplier<List<PortKey>> udpHolds) {
        this.real = real;
        this.udpHolds = udpHolds;
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public HostSnapshot observe() throws ObservationException {
        // Those let go of during the look may be in it still.
        Set<PortKey> before = held();
        HostSnapshot look = real.observe();
        Set<PortKey> hide = with(before, held());
        hidden = hide;
        return without(hide, look);
    }

    /** A hold that came or went since the look before makes another of it, even where no socket did. */
    @Override
    public Optional<HostSnapshot> observeChange() throws ObservationException {
        Set<PortKey> before = held();
        if (!before.equals(hidden)) {
            return Optional.of(observe());
        }
        Optional<HostSnapshot> look = real.observeChange();
        if (look.isEmpty()) {
            return look;
        }
        Set<PortKey> hide = with(before, held());
        hidden = hide;
        return look.map(seen -> without(hide, seen));
    }

    private Set<PortKey> held() {
        return Set.copyOf(udpHolds.get());
    }

    private static Set<PortKey> with(Set<PortKey> before, Set<PortKey> after) {
        if (before.equals(after)) {
            return before;
        }
        Set<PortKey> both = new HashSet<>(before);
        both.addAll(after);
        return both;
    }

    @Override
    public HostSnapshot inspect(PortKey port) throws ObservationException {
        Set<PortKey> before = held();
        HostSnapshot look = real.inspect(port);
        return without(with(before, held()), look);
    }

    private static HostSnapshot without(Set<PortKey> hidden, HostSnapshot look) {
        if (hidden.isEmpty()) {
            return look;
        }
        List<Listener> others = look.listeners().stream()
                .filter(listener -> listener.protocol() != Protocol.UDP || !hidden.contains(listener.key()))
                .toList();
        return new HostSnapshot(others, look.processes(), look.takenAt(), look.completeness());
    }

    @Override
    public Optional<Blockage> explain(PortKey port) throws ObservationException {
        return real.explain(port);
    }

    @Override
    public Optional<ProcessFacts> describe(ProcessRef process) {
        return real.describe(process);
    }

    @Override
    public Optional<ProcessRef> identify(long pid) {
        return real.identify(pid);
    }

    @Override
    public void onSocketGone(Consumer<PortKey> listener) {
        real.onSocketGone(listener);
    }

    @Override
    public void close() {
        real.close();
    }
}
