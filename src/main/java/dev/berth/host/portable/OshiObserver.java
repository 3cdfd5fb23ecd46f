package dev.berth.host.portable;

import dev.berth.host.AddressText;
import dev.berth.host.HostObserver;
import dev.berth.host.ObservationException;
import dev.berth.host.PortHold;
import dev.berth.model.Blockage;
import dev.berth.model.Completeness;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import oshi.SystemInfo;
import oshi.software.os.InternetProtocolStats.IPConnection;
import oshi.software.os.InternetProtocolStats.TcpState;
import oshi.software.os.OperatingSystem;

/**
 * Sees ports through OSHI. A look costs as much as reading the descriptors of every process, tens of milliseconds and more, so it
 * belongs in slow ticks. It knows one holder of a socket, no inode and no creator, and hears of no closed socket.
 */
public final class OshiObserver implements HostObserver {
    /** What systems show for a user without a number: here, for a socket whose creator is not told. */
    private static final long NOBODY = 65534;

    private final OperatingSystem system;
    private final PortableProcesses processes;
    private final PortHold hold;
    private final InstantSource clock;
    private final boolean mac;
    private final Map<Long, Boolean> dual = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param hold tells whether a port that nobody is seen on can really be bound */
    public OshiObserver(PortHold hold, InstantSource clock) {
        this.system = new SystemInfo().getOperatingSystem();
        this.mac = system.getFamily().equals("macOS");
        this.processes = new PortableProcesses(system);
        this.hold = hold;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "portable";
    }

    @Override
    public HostSnapshot observe() throws ObservationException {
        HostSnapshot snapshot = snapshot(connections());
        dual.keySet()
                .retainAll(snapshot.listeners().stream().map(Listener::cookie).collect(Collectors.toSet()));
        return snapshot;
    }

    @Override
    public HostSnapshot inspect(PortKey port) throws ObservationException {
        return snapshot(connections().stream()
                .filter(each -> key(each).filter(port::equals).isPresent())
                .toList());
    }

    private List<IPConnection> connections() throws ObservationException {
        if (closed) {
            throw new ObservationException("the portable observer has been closed");
        }
        try {
            return system.getInternetProtocolStats().getConnections();
        } catch (RuntimeException e) {
            throw new ObservationException("OSHI could not list the connections of this machine: " + e.getMessage(), e);
        }
    }

    private HostSnapshot snapshot(List<IPConnection> connections) {
        List<IPConnection> open =
                connections.stream().filter(OshiObserver::isOpen).toList();
        Set<PortKey> onIpv4 = open.stream()
                .filter(each -> each.getType().endsWith("4"))
                .flatMap(each -> key(each).stream())
                .collect(Collectors.toSet());
        Map<Long, Optional<ProcessFacts>> byPid = new HashMap<>();
        Map<String, Integer> alike = new HashMap<>();
        List<Listener> listeners = new ArrayList<>();
        for (IPConnection each : open) {
            PortKey key = key(each).orElseThrow();
            Optional<ProcessFacts> holder = byPid.computeIfAbsent((long) each.getowningProcessId(), processes::read);
            String identity = each.getType() + " " + address(each) + " " + key + " " + each.getowningProcessId();
            long cookie = cookie(identity + " " + alike.merge(identity, 1, Integer::sum));
            listeners.add(new Listener(
                    key.protocol(),
                    address(each),
                    key.port(),
                    isDual(each, key, cookie, onIpv4),
                    holder.map(facts -> facts.user().uid()).orElse(NOBODY),
                    cookie,
                    OptionalLong.empty(),
                    holder.map(OshiObserver::held).orElseGet(OshiObserver::unseen)));
        }
        Map<ProcessRef, ProcessFacts> seen = byPid.values().stream()
                .flatMap(Optional::stream)
                .collect(Collectors.toMap(ProcessFacts::ref, facts -> facts));
        return new HostSnapshot(listeners, seen, clock.instant(), completeness());
    }

    private static Ownership held(ProcessFacts holder) {
        return new Ownership.Held(List.of(holder.ref()));
    }

    private static Ownership unseen() {
        return new Ownership.Unseen(
                "OSHI names no process for it: it belongs to another user, or has just gone", false);
    }

    /** macOS shows other users' sockets to root only, not even without their owners. */
    private Completeness completeness() {
        List<String> gaps = new ArrayList<>();
        gaps.add("of several processes that share a socket only one is known");
        Set<Protocol> covered = EnumSet.allOf(Protocol.class);
        if (mac && !system.isElevated()) {
            gaps.add("sockets of other users are not visible without root");
            covered.clear();
        }
        return new Completeness(covered, gaps);
    }

    private static boolean isOpen(IPConnection connection) {
        if (key(connection).isEmpty()) {
            return false;
        }
        return connection.getType().startsWith("tcp")
                ? connection.getState() == TcpState.LISTEN
                : connection.getForeignPort() == 0;
    }

    private static Optional<PortKey> key(IPConnection connection) {
        Protocol protocol = connection.getType().startsWith("tcp") ? Protocol.TCP : Protocol.UDP;
        return connection.getLocalPort() < 1
                ? Optional.empty()
                : Optional.of(new PortKey(protocol, connection.getLocalPort()));
    }

    /**
     * macOS says tcp46. Elsewhere a wildcard of IPv6 has IPv4 too exactly if nobody else can bind that; asked once for each
     * socket.
     */
    private boolean isDual(IPConnection connection, PortKey key, long cookie, Set<PortKey> onIpv4) {
        if (connection.getType().endsWith("46")) {
            return true;
        }
        if (mac || connection.getType().endsWith("4") || !address(connection).equals("::") || onIpv4.contains(key)) {
            return false;
        }
        return dual.computeIfAbsent(cookie, unknown -> hold.tryBind(key, "0.0.0.0") == PortHold.Bind.IN_USE);
    }

    /** OSHI gives four or sixteen bytes; some systems' wildcards are shorter. */
    private static String address(IPConnection connection) {
        byte[] bytes = connection.getLocalAddress();
        int wanted = connection.getType().endsWith("4") ? 4 : 16;
        try {
            return AddressText.of(InetAddress.getByAddress(isZero(bytes) ? new byte[wanted] : bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("OSHI gave an address of " + bytes.length + " bytes", e);
        }
    }

    private static boolean isZero(byte[] bytes) {
        for (byte each : bytes) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private static long cookie(String identity) {
        return UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits();
    }

    @Override
    public Optional<Blockage> explain(PortKey port) throws ObservationException {
        List<IPConnection> left = connections().stream()
                .filter(each -> key(each).filter(port::equals).isPresent() && !isOpen(each))
                .toList();
        PortHold.Bind bind = hold.tryBind(port, "::");
        if (bind == PortHold.Bind.NO_SUCH_ADDRESS) {
            bind = hold.tryBind(port, "0.0.0.0");
        }
        if (bind == PortHold.Bind.DENIED) {
            return Optional.of(new Blockage(
                    port,
                    Blockage.Cause.PERMISSION,
                    "port " + port + " may not be bound by the user that Berth runs as"));
        }
        if (left.stream().anyMatch(each -> each.getState() == TcpState.TIME_WAIT)) {
            return Optional.of(new Blockage(
                    port,
                    Blockage.Cause.TIME_WAIT,
                    "closed connections of port " + port + " linger in TIME_WAIT, for a minute at most"));
        }
        if (bind == PortHold.Bind.FREE) {
            return Optional.empty();
        }
        String seen = left.stream()
                .findFirst()
                .map(each -> "a connection in state " + each.getState() + " uses it"
                        + (each.getowningProcessId() > 0 ? ", of pid " + each.getowningProcessId() : ""))
                .orElse(
                        "nothing is seen on it; a socket that is bound without listening, or of another user, would explain it");
        return Optional.of(new Blockage(port, Blockage.Cause.UNEXPLAINED, "port " + port + " can't be bound: " + seen));
    }

    @Override
    public Optional<ProcessFacts> describe(ProcessRef process) {
        return processes.read(process.pid()).filter(facts -> facts.ref().equals(process));
    }

    @Override
    public Optional<ProcessRef> identify(long pid) {
        return processes.identify(pid);
    }

    /** Nothing is heard here; the next look shows it. */
    @Override
    public void onSocketGone(Consumer<PortKey> listener) {}

    @Override
    public void close() {
        closed = true;
    }
}
