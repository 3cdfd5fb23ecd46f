package dev.berth.host.linux;

import com.sun.jna.Native;
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
import dev.berth.model.User;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
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
import java.util.stream.Collectors;

/**
 * Sees sockets through netlink's sock_diag and their holders through {@code /proc}. A tick in which nothing changed costs the
 * kernel's dump and little more, and its snapshot shares the lists of the one before.
 */
public final class SockDiagObserver implements HostObserver {
    private final ProcessReader reader;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Visibility visibility;

    private final Lock ticking = new ReentrantLock();
    private final SockDiag tickKernel;
    private final SocketTable table = new SocketTable();
    private final OwnerIndex owners;
    private List<Listener> listeners = List.of();
    private Map<ProcessRef, ProcessFacts> processes = Map.of();
    private Completeness completeness = new Completeness(Set.of(), List.of());
    /** Something changed since the lists were made; stays set when a tick fails half-way. */
    private boolean stale = true;

    private final Lock asking = new ReentrantLock();
    private final SockDiag askKernel;
    private final HolderScan scan;
    private final PortExplainer explainer;
    private final BoundSocketProbe bound = new BoundSocketProbe();

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
        this.askKernel = askKernel;
        this.visibility = Visibility.detect(users);
        this.owners = new OwnerIndex(reader, visibility, nanos);
        this.scan = new HolderScan(reader);
        this.explainer = new PortExplainer(visibility);
        this.events = events();
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
            table.look(tickKernel::dumpServing, nanos.getAsLong());
            stale |= table.changed();
            owners.tick(table);
            stale |= owners.takeChanged();
            if (stale) {
                rebuild();
                stale = false;
            }
            return new HostSnapshot(listeners, processes, clock.instant(), completeness);
        } catch (NetlinkException | IOException e) {
            throw failed("the look at all sockets", e);
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
        try {
            List<InetSocket> sockets = ask(port, false);
            HolderScan.Findings findings = scan.find(inodes(sockets));
            Map<ProcessRef, ProcessFacts> holders = new HashMap<>();
            List<Listener> found = new ArrayList<>();
            for (InetSocket socket : sockets) {
                List<ProcessFacts> of = of(socket, findings);
                of.forEach(facts -> holders.put(facts.ref(), facts));
                found.add(socket.listener(ownership(socket, of, findings.denials())));
            }
            List<String> gaps = visibility.gaps(findings.denials());
            return new HostSnapshot(found, holders, clock.instant(), new Completeness(Set.of(port.protocol()), gaps));
        } catch (NetlinkException | IOException e) {
            throw failed("the look at port " + port, e);
        }
    }

    private Ownership ownership(InetSocket socket, List<ProcessFacts> holders, Denials denials) {
        if (socket.inode().isEmpty()) {
            return SocketTable.NO_INODE;
        }
        return holders.isEmpty()
                ? visibility.unseen(socket, denials)
                : new Ownership.Held(holders.stream().map(ProcessFacts::ref).toList());
    }

    @Override
    public Optional<Blockage> explain(PortKey port) throws ObservationException {
        try {
            List<InetSocket> sockets = ask(port, true);
            HolderScan.Findings findings = scan.find(inodes(sockets));
            List<PortExplainer.Blocker> blockers = new ArrayList<>();
            for (InetSocket socket : sockets) {
                blockers.add(new PortExplainer.Blocker(socket, of(socket, findings), peerServes(socket)));
            }
            return explainer.explain(port, blockers, findings.denials(), KernelRules.read(bound.isShown(this::askAll)));
        } catch (NetlinkException | IOException e) {
            throw failed("the look at what blocks port " + port, e);
        }
    }

    /** Does something serve at the other end, on this machine? Then this end is the one that went out. */
    private boolean peerServes(InetSocket socket) throws NetlinkException {
        return socket.hasPeer()
                && socket.protocol() == Protocol.TCP
                && LocalAddresses.isLocal(socket.remoteAddress())
                && ask(PortKey.tcp(socket.remotePort()), false).stream()
                        .anyMatch(server -> server.listener(SocketTable.NEW).isWildcard()
                                || server.localAddress().equals(socket.remoteAddress()));
    }

    private List<InetSocket> ask(PortKey port, boolean everyState) throws NetlinkException {
        asking.lock();
        try {
            return everyState ? askKernel.all(port) : askKernel.serving(port);
        } finally {
            asking.unlock();
        }
    }

    private List<InetSocket> askAll(PortKey port) throws NetlinkException {
        return ask(port, true);
    }

    private static Set<Long> inodes(List<InetSocket> sockets) {
        return sockets.stream()
                .flatMapToLong(socket -> socket.inode().stream())
                .boxed()
                .collect(Collectors.toSet());
    }

    private static List<ProcessFacts> of(InetSocket socket, HolderScan.Findings findings) {
        return socket.inode().isPresent() ? findings.of(socket.inode().getAsLong()) : List.of();
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

    private static ObservationException failed(String what, Exception cause) {
        return new ObservationException(what + " failed: " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        events.ifPresent(DestroyEvents::close);
        ticking.lock();
        try {
            tickKernel.close();
        } finally {
            ticking.unlock();
        }
        asking.lock();
        try {
            askKernel.close();
        } finally {
            asking.unlock();
        }
    }
}
