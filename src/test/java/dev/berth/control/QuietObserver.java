package dev.berth.control;

import dev.berth.host.HostObserver;
import dev.berth.host.ObservationException;
import dev.berth.model.Blockage;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.util.Optional;
import java.util.function.Consumer;

/** Knows nobody, and sees of one port what it sees of all. */
abstract class QuietObserver implements HostObserver {
    @Override
    public HostSnapshot inspect(PortKey port) throws ObservationException {
        return observe();
    }

    @Override
    public Optional<Blockage> explain(PortKey port) {
        return Optional.empty();
    }

    @Override
    public Optional<ProcessFacts> describe(ProcessRef process) {
        return Optional.empty();
    }

    @Override
    public Optional<ProcessRef> identify(long pid) {
        return Optional.empty();
    }

    @Override
    public void onSocketGone(Consumer<PortKey> listener) {
        // Nothing ever goes.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
