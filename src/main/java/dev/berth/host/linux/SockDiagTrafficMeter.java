package dev.berth.host.linux;

import dev.berth.host.ObservationException;
import dev.berth.host.TrafficMeter;
import dev.berth.model.Traffic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code tcp_info} of every connection in one dump for each family of addresses, and keeps those of some ports. */
public final class SockDiagTrafficMeter implements TrafficMeter {
    private final NetlinkSocket netlink;

    private SockDiagTrafficMeter(NetlinkSocket netlink) {
        this.netlink = netlink;
    }

    /** @throws ObservationException when the kernel lets nobody ask */
    public static SockDiagTrafficMeter open() throws ObservationException {
        try {
            return new SockDiagTrafficMeter(new NetlinkSocket());
        } catch (NetlinkException refused) {
            throw new ObservationException("connections can't be looked at: " + refused.getMessage(), refused);
        }
    }

    @Override
    public synchronized Optional<List<Traffic>> read(Set<Integer> ports) throws ObservationException {
        Connections connections = new Connections(ports);
        for (int family : new int[] {InetDiag.AF_INET, InetDiag.AF_INET6}) {
            try {
                netlink.ask(
                        "the kernel's connections over " + (family == InetDiag.AF_INET ? "IPv4" : "IPv6"),
                        (to, sequence) -> InetDiag.connectionsRequest(to, sequence, family),
                        connections);
            } catch (NetlinkException refused) {
                if (family == InetDiag.AF_INET || !refused.isUnsupported()) {
                    throw new ObservationException(
                            "connections could not be looked at: " + refused.getMessage(), refused);
                }
            }
            connections.keep();
        }
        return Optional.of(List.copyOf(connections.found));
    }

    @Override
    public synchronized void close() {
        netlink.close();
    }

    private static final class Connections implements NetlinkSocket.Collector {
        private final Set<Integer> ports;
        private final List<Traffic> found = new ArrayList<>();
        private final List<Traffic> attempt = new ArrayList<>();

        Connections(Set<Integer> ports) {
            this.ports = Set.copyOf(ports);
        }

        @Override
        public void begin() {
            attempt.clear();
        }

        @Override
        public void message(ByteBuffer from, int at, int end) {
            if (ports.contains(InetDiag.localPort(from, at))) {
                InetDiag.traffic(from, at, end).ifPresent(attempt::add);
            }
        }

        void keep() {
            found.addAll(attempt);
            attempt.clear();
        }
    }
}
