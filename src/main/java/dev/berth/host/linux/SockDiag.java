package dev.berth.host.linux;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Questions to the kernel about internet sockets. Not safe for use by two threads at once: its owner guards it. */
final class SockDiag implements AutoCloseable {
    private static final List<Dump> DUMPS = Stream.of(Protocol.values())
            .flatMap(protocol -> Stream.of(
                    new Dump(InetDiag.AF_INET, protocol, servingStates(protocol), 0),
                    new Dump(InetDiag.AF_INET6, protocol, servingStates(protocol), 0)))
            .toList();

    private final NetlinkSocket netlink;

    /** A question that comes in every tick is made once. */
    private record Dump(int family, Protocol protocol, int states, int port, String name)
            implements NetlinkSocket.Request {
        Dump(int family, Protocol protocol, int states, int port) {
            this(
                    family,
                    protocol,
                    states,
                    port,
                    "the kernel's " + protocol.label() + " sockets over "
                            + (family == InetDiag.AF_INET ? "IPv4" : "IPv6"));
        }

        @Override
        public void write(ByteBuffer to, int sequence) {
            InetDiag.dumpRequest(to, sequence, family, protocol, states, port);
        }
    }

    SockDiag() throws NetlinkException {
        netlink = new NetlinkSocket();
    }

    /** The state that a socket which serves has: LISTEN for TCP, bound without a peer for UDP. */
    static int servingStates(Protocol protocol) {
        return (protocol == Protocol.TCP ? TcpState.LISTEN : TcpState.CLOSE).bit();
    }

    /**
     * Every serving socket of one family, undecoded.
     *
     * @return in how many datagrams the answer came
     */
    int dumpServing(int family, Protocol protocol, NetlinkSocket.Collector collector) throws NetlinkException {
        for (Dump dump : DUMPS) {
            if (dump.family() == family && dump.protocol() == protocol) {
                return netlink.ask(dump.name(), dump, collector);
            }
        }
        throw new IllegalArgumentException("no family " + family + " of internet sockets");
    }

    /** Every serving socket of a port, both families. */
    List<InetSocket> serving(PortKey port) throws NetlinkException {
        return onPort(port, servingStates(port.protocol()));
    }

    /** Every socket of a port in every state, those that are only bound included where the kernel can tell. */
    List<InetSocket> all(PortKey port) throws NetlinkException {
        return onPort(port, TcpState.EVERY_STATE);
    }

    private List<InetSocket> onPort(PortKey port, int states) throws NetlinkException {
        List<InetSocket> sockets = new ArrayList<>();
        for (int family : new int[] {InetDiag.AF_INET, InetDiag.AF_INET6}) {
            Decoded decoded = new Decoded(port.protocol());
            Dump dump = new Dump(family, port.protocol(), states, port.port());
            try {
                netlink.ask(dump.name(), dump, decoded);
            } catch (NetlinkException e) {
                if (family == InetDiag.AF_INET || !e.isUnsupported()) {
                    throw e;
                }
            }
            // The kernel does not heed the port for sockets that are only bound.
            decoded.sockets.stream()
                    .filter(socket -> socket.localPort() == port.port())
                    .forEach(sockets::add);
        }
        return sockets;
    }

    /**
     * The socket that is bound and connected so, as the kernel picks it: without an exact one it may be a listener.
     *
     * @param mapped asks for IPv4 addresses as an IPv6 socket has them
     */
    Optional<InetSocket> exact(InetAddress local, int localPort, InetAddress remote, int remotePort, boolean mapped)
            throws NetlinkException {
        Decoded decoded = new Decoded(Protocol.TCP);
        try {
            netlink.ask(
                    "the socket " + local + ":" + localPort + " to " + remote + ":" + remotePort,
                    (to, sequence) -> InetDiag.exactRequest(
                            to, sequence, Protocol.TCP, local, localPort, remote, remotePort, mapped),
                    decoded);
        } catch (NetlinkException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
        return decoded.sockets.stream().findFirst();
    }

    @Override
    public void close() {
        netlink.close();
    }

    private static final class Decoded implements NetlinkSocket.Collector {
        private final Protocol protocol;
        private final List<InetSocket> sockets = new ArrayList<>();

        Decoded(Protocol protocol) {
            this.protocol = protocol;
        }

        @Override
        public void begin() {
            sockets.clear();
        }

        @Override
        public void message(ByteBuffer from, int at, int end) {
            sockets.add(InetDiag.decode(protocol, from, at, end));
        }
    }
}
