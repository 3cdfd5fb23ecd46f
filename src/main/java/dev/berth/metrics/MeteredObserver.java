package dev.berth.metrics;

import dev.berth.host.HostObserver;
import dev.berth.host.ObservationException;
import dev.berth.model.Blockage;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** An observer whose looks are timed. */
public final class MeteredObserver implements HostObserver {
    private static final String FAILED = "failed";

    private final HostObserver real;
    private final Events events;
    private final AtomicReference<List<Listener>> before = new AtomicReference<>(List.of());

    public MeteredObserver(HostObserver real, Events events) {
        this.real = real;
        this.events = events;
    }

    private interface Look<T> {
        T take() throws ObservationException;
    }

    private <T> T timed(String name, Look<T> look) throws ObservationException {
        long begun = events.begin();
        String told = FAILED;
        try {
            T seen = look.take();
            told = name;
            return seen;
        } finally {
            events.looked(told, begun);
        }
    }

    @Override
    public HostSnapshot observe() throws ObservationException {
        return compared(() -> Optional.of(real.observe())).orElseThrow();
    }

    @Override
    public Optional<HostSnapshot> observeChange() throws ObservationException {
        return compared(real::observeChange);
    }

    private Optional<HostSnapshot> compared(Look<Optional<HostSnapshot>> look) throws ObservationException {
        long begun = events.begin();
        String told = FAILED;
        try {
            Optional<HostSnapshot> seen = look.take();
            told = seen.map(HostSnapshot::listeners).map(this::told).orElse("spared");
            return seen;
        } finally {
            events.looked(told, begun);
        }
    }

    /** Equal lists are mostly the very same one: comparing them costs nothing where it would cost much. */
    private String told(List<Listener> listeners) {
        return before.getAndSet(listeners).equals(listeners) ? "unchanged" : "changed";
    }

    @Override
    public HostSnapshot inspect(PortKey port) throws ObservationException {
        return timed("port", () -> real.inspect(port));
    }

    @Override
    public Optional<Blockage> explain(PortKey port) throws ObservationException {
        return timed("blockage", () -> real.explain(port));
    }

    @Override
    public String name() {
        return real.name();
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
