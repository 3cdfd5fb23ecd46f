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

/**
 * Leaves Berth's own holds out of each look. Of TCP a look shows only what listens, but a UDP socket that is bound looks
 * like any server's.
 */
final class HoldFilter implements HostObserver {
    private final HostObserver real;
    private final Holds holds;

    HoldFilter(HostObserver real, Holds holds) {
        this.real = real;
        this.holds = holds;
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public HostSnapshot observe() throws ObservationException {
        // Those let go of during the look may be in it still.
        List<PortKey> before = holds.held(Protocol.UDP);
        return without(before, real.observe());
    }

    @Override
    public HostSnapshot inspect(PortKey port) throws ObservationException {
        List<PortKey> before = holds.held(Protocol.UDP);
        return without(before, real.inspect(port));
    }

    private HostSnapshot without(List<PortKey> before, HostSnapshot look) {
        Set<PortKey> hidden = new HashSet<>(before);
        hidden.addAll(holds.held(Protocol.UDP));
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
