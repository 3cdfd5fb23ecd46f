package dev.berth.sim;

import dev.berth.host.HostObserver;
import dev.berth.host.ObservationException;
import dev.berth.model.Blockage;
import dev.berth.model.Completeness;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Looks at the simulated machine as the real observer looks at a real one, with everything that can go wrong in it. */
final class FakeObserver implements HostObserver {
    private static final Duration LOOK_ANYWAY = Duration.ofMillis(1900);
    private static final Duration HINT_DELAY = Duration.ofNanos(120_000);

    private final Machine machine;
    private final Sight sight;
    private final Seam seam;
    private final List<Consumer<PortKey>> listeners = new ArrayList<>();
    private final Witness hints = new Witness() {
        @Override
        public void destroyed(SimSocket socket) {
            hint(socket.key());
        }
    };
    private Optional<HostSnapshot> last = Optional.empty();
    private long lastVersion = -1;
    /** When the last look that was told began; empty after one that failed. */
    private Optional<Long> lookedAt = Optional.empty();

    private long seenCookies;

    FakeObserver(Machine machine, Sight sight, Seam seam) {
        this.machine = machine;
        this.sight = sight;
        this.seam = seam;
        machine.watch(hints);
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public HostSnapshot observe() throws ObservationException {
        long begun = machine.time.monotonic();
        lookedAt = Optional.empty();
        HostSnapshot seen = lookOrFail();
        lookedAt = Optional.of(begun);
        return seen;
    }

    private HostSnapshot lookOrFail() throws ObservationException {
        return seam.looking(() -> {
            if (seam.strikes(SimFault.OBSERVATION_THROWS)) {
                throw new ObservationException("the socket dump failed: ENOBUFS");
            }
            if (last.isPresent() && machine.network.version() != lastVersion && seam.strikes(SimFault.STALE_SNAPSHOT)) {
                return last.orElseThrow();
            }
            if (seam.strikes(SimFault.PROC_DENIED)) {
                sight.deniedUntil = machine.time.monotonic()
                        + seam.chance().millis(100, 1500).toNanos();
            }
            return look();
        });
    }

    /** Knows only of a machine that is as it was, and not for long, as the real one. */
    @Override
    public Optional<HostSnapshot> observeChange() throws ObservationException {
        Optional<HostSnapshot> before = lookedAt.isPresent() ? last : Optional.empty();
        Optional<Long> since = lookedAt;
        lookedAt = Optional.empty();
        HostSnapshot seen = observe();
        boolean known = since.isPresent()
                && machine.time.monotonic() - since.get() < LOOK_ANYWAY.toNanos()
                && before.filter(old -> old.listeners().equals(seen.listeners())
                                && old.processes().equals(seen.processes())
                                && old.completeness().equals(seen.completeness()))
                        .isPresent();
        if (known) {
            lookedAt = since;
        }
        return known ? Optional.empty() : Optional.of(seen);
    }

    private HostSnapshot look() {
        Completeness completeness = Completeness.full();
        if (seam.strikes(SimFault.INCOMPLETE_SNAPSHOT)) {
            Protocol missing = seam.chance().pick(Protocol.values());
            Protocol kept = missing == Protocol.TCP ? Protocol.UDP : Protocol.TCP;
            completeness = new Completeness(Set.of(kept), List.of(missing.label() + " sockets could not be dumped"));
        }
        search();
        HostSnapshot seen = snapshot(machine.network.sockets(), completeness, false);
        last = Optional.of(seen);
        lastVersion = machine.network.version();
        return seen;
    }

    /** New sockets may take a while to find the owner of. */
    private void search() {
        for (SimSocket socket : machine.network.sockets()) {
            if (socket.cookie > seenCookies) {
                seenCookies = socket.cookie;
                if (seam.strikes(SimFault.OWNER_SEARCHED_FOR)) {
                    socket.searchedUntil = machine.time.monotonic()
                            + seam.chance().millis(50, 600).toNanos();
                }
            }
        }
    }

    private HostSnapshot snapshot(Collection<SimSocket> sockets, Completeness completeness, boolean patient) {
        List<Listener> seen = new ArrayList<>();
        Map<ProcessRef, ProcessFacts> facts = new LinkedHashMap<>();
        for (SimSocket socket : sockets) {
            if (!socket.listening || !completeness.covers(socket.protocol)) {
                continue;
            }
            Listener listener = sight.listener(socket, patient);
            if (listener.ownership() instanceof Ownership.Held && seam.strikes(SimFault.OWNER_UNSEEN)) {
                listener = new Listener(
                        listener.protocol(),
                        listener.address(),
                        listener.port(),
                        listener.dualStack(),
                        listener.uid(),
                        listener.cookie(),
                        listener.inode(),
                        new Ownership.Unseen("its descriptors could not be read", false));
            }
            seen.add(listener);
            if (listener.ownership() instanceof Ownership.Held held && !seam.strikes(SimFault.FACTS_MISSING)) {
                for (ProcessRef holder : held.holders()) {
                    sight.facts(holder).ifPresent(found -> facts.put(holder, found));
                }
            }
        }
        return new HostSnapshot(seen, facts, machine.time.instant(), completeness);
    }

    @Override
    public HostSnapshot inspect(PortKey port) throws ObservationException {
        return seam.looking(() -> {
            if (seam.strikes(SimFault.INSPECTION_THROWS)) {
                throw new ObservationException("port " + port + " could not be inspected: EMFILE");
            }
            return snapshot(machine.network.on(port), Completeness.full(), true);
        });
    }

    @Override
    public Optional<Blockage> explain(PortKey port) throws ObservationException {
        return seam.looking(() -> {
            if (seam.strikes(SimFault.EXPLANATION_THROWS)) {
                throw new ObservationException("the sockets in all states could not be dumped: ENOBUFS");
            }
            Optional<Blockage.Cause> silent = machine.network.on(port).stream().anyMatch(socket -> !socket.listening)
                    ? Optional.of(Blockage.Cause.BOUND_NOT_LISTENING)
                    : machine.network.blockage(port);
            return silent.map(cause -> new Blockage(port, cause, "port " + port + " is kept by " + cause));
        });
    }

    @Override
    public Optional<ProcessFacts> describe(ProcessRef process) {
        return seam.reading(() -> sight.facts(process));
    }

    @Override
    public Optional<ProcessRef> identify(long pid) {
        return seam.reading(() -> machine.byPid(pid).map(process -> process.ref));
    }

    @Override
    public void onSocketGone(Consumer<PortKey> listener) {
        listeners.add(listener);
    }

    private void hint(PortKey port) {
        for (Consumer<PortKey> listener : listeners) {
            if (seam.strikes(SimFault.SOCKET_GONE_LOST)) {
                continue;
            }
            seam.callback(HINT_DELAY, () -> listener.accept(port));
        }
    }

    @Override
    public void close() {
        machine.unwatch(hints);
    }
}
