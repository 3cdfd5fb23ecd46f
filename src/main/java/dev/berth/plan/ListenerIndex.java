package dev.berth.plan;

import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sockets of one look, by port. Made once per look and shared by every service that is judged on it. */
final class ListenerIndex {
    private final HostSnapshot snapshot;
    private final Map<PortKey, List<Listener>> byPort;
    private final PortMap tcp = new PortMap();
    private final PortMap udp = new PortMap();

    ListenerIndex(HostSnapshot snapshot) {
        this.snapshot = snapshot;
        Map<PortKey, List<Listener>> ports = new HashMap<>(snapshot.listeners().size() * 2);
        for (Listener listener : snapshot.listeners()) {
            ports.computeIfAbsent(listener.key(), port -> new ArrayList<>(1)).add(listener);
            taken(listener.protocol()).add(listener.port());
        }
        byPort = ports;
    }

    /** Every port on which there is a socket. */
    PortMap taken(Protocol protocol) {
        return protocol == Protocol.TCP ? tcp : udp;
    }

    boolean isOf(HostSnapshot other) {
        return snapshot == other;
    }

    HostSnapshot snapshot() {
        return snapshot;
    }

    /** Every socket of the port, on any address. */
    List<Listener> on(PortKey port) {
        return byPort.getOrDefault(port, List.of());
    }
}
