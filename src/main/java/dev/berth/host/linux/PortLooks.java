package dev.berth.host.linux;

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
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Thorough looks at one port, that read everything now and nothing from what ticks have kept. For any thread. */
final class PortLooks implements AutoCloseable {
    private final Lock asking = new ReentrantLock();
    private final SockDiag kernel;
    private final HolderScan scan;
    private final Visibility visibility;
    private final PortExplainer explainer;
    private final BoundSocketProbe bound = new BoundSocketProbe();
    private final InstantSource clock;

    /**
     * @param kernel closed with this
     * @param nanos monotonic nanoseconds
     */
    PortLooks(SockDiag kernel, ProcessReader reader, Visibility visibility, InstantSource clock, LongSupplier nanos) {
        this.kernel = kernel;
        this.scan = new HolderScan(reader, nanos);
        this.visibility = visibility;
        this.explainer = new PortExplainer(visibility);
        this.clock = clock;
    }

    HostSnapshot inspect(PortKey port) throws ObservationException {
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
        } catch (NetlinkException | ObservationException e) {
            throw SockDiagObserver.failed("the look at port " + port, e);
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

    Optional<Blockage> explain(PortKey port) throws ObservationException {
        try {
            List<InetSocket> sockets = ask(port, true);
            HolderScan.Findings findings = scan.find(inodes(sockets));
            List<PortExplainer.Blocker> blockers = new ArrayList<>();
            for (InetSocket socket : sockets) {
                blockers.add(new PortExplainer.Blocker(socket, of(socket, findings), peerServes(socket)));
            }
            return explainer.explain(port, blockers, findings.denials(), KernelRules.read(bound.isShown(this::askAll)));
        } catch (NetlinkException | ObservationException | IOException e) {
            throw SockDiagObserver.failed("the look at what blocks port " + port, e);
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
            return everyState ? kernel.all(port) : kernel.serving(port);
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
    public void close() {
        asking.lock();
        try {
            kernel.close();
        } finally {
            asking.unlock();
        }
    }
}
