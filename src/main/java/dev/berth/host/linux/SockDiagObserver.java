package dev.berth.host.linux;

import com.sun.jna.Native;
import dev.berth.host.HostObserver;
import dev.berth.host.ObservationException;
import dev.berth.model.Blockage;
import dev.berth.model.Completeness;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import dev.berth.model.User;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Sees sockets through netlink's sock_diag and their holders through {@code /proc}. A look at what did not change costs the
 * kernel's dump and little more, and its snapshot shares the lists of the one before; in most ticks even the dump is spared,
 * because the kernel's counts tell that it would be the same ({@link SocketChanges}).
 */
public final class SockDiagObserver implements HostObserver {
    private final ProcessReader reader;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Visibility visibility;

    private final Lock ticking = new ReentrantLock();
    private final SockDiag tickKernel;
    private final SocketTable table = new SocketTable();
    private final SocketChanges changes;
    private final OwnerIndex owners;
    private List<Listener> listeners = List.of();
    private Map<ProcessRef, ProcessFacts> processes = Map.of();
    private Completeness completeness = new Completeness(Set.of(), List.of());
    /** Something changed since the lists were made; stays set when a tick fails half-way. */
    private boolean stale = true;
    /** The last tick failed: the next one looks, whatever the kernel counts. */
    private boolean failed;

    private final PortLooks ports;

    private final List<Consumer<PortKey>> goneListeners = new CopyOnWriteArrayList<>();
    private final Optional<DestroyEvents> events;

    private SockDiagObserver(
            ProcessReader reader,
            InstantSource clock,
            LongSupplier nanos,
            LongFunction<User> users,
            SockDiag tickKernel,
            SockDiag askKernel) {
        this.reader = reader;
        this.clock = clock;
        this.nanos = nanos;
        this.tickKernel = tickKernel;
        this.visibility = Visibility.detect(users);
        this.owners = new OwnerIndex(reader, visibility, nanos);
        this.ports = new PortLooks(askKernel, reader, visibility, clock, nanos);
        this.events = events();
        this.changes = SocketChanges.open();
    }

    /** They make Berth quicker, not righter: a kernel without them is still worth asking. */
    private Optional<DestroyEvents> events() {
        try {
            return Optional.of(new DestroyEvents(this::destroyed));
        } catch (NetlinkException e) {
            return Optional.empty();
        }
    }

    /**
     * @param reader reads processes
     * @param clock stamps snapshots
     * @param nanos monotonic nanoseconds
     * @throws ObservationException when this machine has no sock_diag or refuses it; the message says which and why, and
     *     another observer should be used
     */
    public static SockDiagObserver open(ProcessReader reader, InstantSource clock, LongSupplier nanos)
            throws ObservationException {
        if (Native.SIZE_T_SIZE != Long.BYTES) {
            throw new ObservationException("sock_diag is used on 64-bit systems only, and this one is not");
        }
        SockDiag tickKernel = null;
        SockDiag askKernel = null;
        try {
            tickKernel = new SockDiag();
            askKernel = new SockDiag();
            // A kernel that gives the socket may refuse the question.
            askKernel.serving(PortKey.tcp(1));
            SockDiagObserver observer =
                    new SockDiagObserver(reader, clock, nanos, UserNames.system()::of, tickKernel, askKernel);
            tickKernel = null;
            askKernel = null;
            return observer;
        } catch (NetlinkException e) {
            throw new ObservationException("the kernel can't be asked for its sockets: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw new ObservationException("native code can't be called here (JNA): " + e, e);
        } finally {
            if (tickKernel != null) {
                tickKernel.close();
            }
            if (askKernel != null) {
                askKernel.close();
            }
        }
    }

    @Override
    public String name() {
        return "sock_diag";
    }

    @Override
    public HostSnapshot observe() throws ObservationException {
        ticking.lock();
        try {
            long begun = nanos.getAsLong();
            changes.lookBegins();
            table.look(tickKernel::dumpServing, begun);
            changes.lookEnded(begun, table.changed());
            stale |= table.changed();
            owners.tick(table);
            stale |= owners.takeChanged();
            if (stale) {
                rebuild();
                stale = false;
            }
            failed = false;
            return new HostSnapshot(listeners, processes, clock.instant(), completeness);
        } catch (NetlinkException | IOException e) {
            failed = true;
            throw failed("the look at all sockets", e);
        } finally {
            ticking.unlock();
        }
    }

    /** A search for owners that somebody waits for goes on in every tick; what is done in turn waits for the next look, and is cheaper together. */
    @Override
    public Optional<HostSnapshot> observeChange() throws ObservationException {
        ticking.lock();
        try {
            long now = nanos.getAsLong();
            if (failed || changes.arePossible(now)) {
                return Optional.of(observe());
            }
            if (!stale && owners.isSettled(now)) {
                return Optional.empty();
            }
            table.repeat();
            owners.tick(table);
            stale |= owners.takeChanged();
            return stale ? Optional.of(observe()) : Optional.empty();
        } catch (IOException e) {
            failed = true;
            throw failed("the look at the holders of all sockets", e);
        } finally {
            ticking.unlock();
        }
    }

    private void rebuild() {
        List<Listener> all = new ArrayList<>(table.sockets().size());
        for (TrackedSocket socket : table.sockets()) {
            all.add(socket.listener());
        }
        listeners = List.copyOf(all);
        processes = owners.facts();
        completeness = completeness(owners.denials());
    }

    private Completeness completeness(Denials denials) {
        Set<Protocol> covered = EnumSet.noneOf(Protocol.class);
        List<String> gaps = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            table.unsupported(protocol)
                    .ifPresentOrElse(
                            reason -> gaps.add(protocol.label() + " is not seen: " + reason),
                            () -> covered.add(protocol));
        }
        gaps.addAll(visibility.gaps(denials));
        if (events.isEmpty()) {
            gaps.add("the kernel does not tell of closed sockets: they are noticed in the next look");
        }
        return new Completeness(covered, gaps);
    }

    @Override
    public HostSnapshot inspect(PortKey port) throws ObservationException {
        return ports.inspect(port);
    }

    @Override
    public Optional<Blockage> explain(PortKey port) throws ObservationException {
        return ports.explain(port);
    }

    @Override
    public Optional<ProcessFacts> describe(ProcessRef process) {
        return reader.read(process.pid()).filter(facts -> facts.ref().equals(process));
    }

    @Override
    public Optional<ProcessRef> identify(long pid) {
        return reader.identify(pid);
    }

    @Override
    public void onSocketGone(Consumer<PortKey> listener) {
        goneListeners.add(listener);
    }

    private void destroyed(PortKey port, long cookie) {
        table.portOf(cookie)
                .ifPresent(known -> goneListeners.forEach(listener -> {
                    try {
                        listener.accept(known);
                    } catch (RuntimeException e) {
                        // As if it had a thread of its own: reported, and the others are told all the same.
                        Thread thread = Thread.currentThread();
                        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
                    }
                }));
    }

    static ObservationException failed(String what, Exception cause) {
        return new ObservationException(what + " failed: " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        events.ifPresent(DestroyEvents::close);
        ticking.lock();
        try {
            tickKernel.close();
            changes.close();
        } finally {
            ticking.unlock();
        }
        ports.close();
    }
}
