package dev.berth.sim;

import dev.berth.host.PortHold;
import dev.berth.model.Blockage;
import dev.berth.model.PortKey;
import dev.berth.model.Ports;
import dev.berth.model.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The sockets of the simulated machine, and what else keeps its ports. */
final class Network {
    private static final Set<String> OWN_ADDRESSES = Set.of("127.0.0.1", "0.0.0.0", "::", "::1", "10.0.0.5");
    private static final long FIRST_INODE = 40_000;

    private final VirtualTime time;
    private final List<Witness> witnesses;
    private final Map<Long, SimSocket> byCookie = new LinkedHashMap<>();
    private final Map<PortKey, List<SimSocket>> byPort = new TreeMap<>();
    private final Map<PortKey, Blocked> blocked = new TreeMap<>();
    private long nextCookie = 1;
    private long version;

    /** @param until monotonic nanoseconds */
    private record Blocked(Blockage.Cause cause, long until) {}

    Network(VirtualTime time, List<Witness> witnesses) {
        this.time = time;
        this.witnesses = witnesses;
    }

    /** Grows with every change of what a look would show. */
    long version() {
        return version;
    }

    Collection<SimSocket> sockets() {
        return byCookie.values();
    }

    List<SimSocket> on(PortKey port) {
        return byPort.getOrDefault(port, List.of());
    }

    /** Sockets that keep {@code host} from being bound. */
    List<SimSocket> colliding(PortKey port, String host) {
        List<SimSocket> found = new ArrayList<>();
        for (SimSocket socket : on(port)) {
            if (socket.collidesWith(Addresses.numeric(host), host.equals("::"))) {
                found.add(socket);
            }
        }
        return found;
    }

    /**
     * Could this be bound now?
     *
     * @param careful with SO_REUSEADDR, which gets over TIME_WAIT
     */
    PortHold.Bind attempt(Program.Endpoint wanted, long uid, boolean careful) {
        if (!OWN_ADDRESSES.contains(wanted.address())) {
            return PortHold.Bind.NO_SUCH_ADDRESS;
        }
        if (wanted.port() < Ports.LOWEST_CHOSEN && uid != User.ROOT) {
            return PortHold.Bind.DENIED;
        }
        PortKey port = new PortKey(wanted.protocol(), wanted.port());
        for (SimSocket socket : on(port)) {
            boolean shared = wanted.reusePort() && socket.reusePort && socket.uid == uid;
            if (!shared && socket.collidesWith(wanted.address(), wanted.dualStack())) {
                return PortHold.Bind.IN_USE;
            }
        }
        Optional<Blockage.Cause> cause = blockage(port);
        boolean passed = cause.isEmpty() || (careful && cause.orElseThrow() == Blockage.Cause.TIME_WAIT);
        return passed ? PortHold.Bind.FREE : PortHold.Bind.IN_USE;
    }

    /** Binds for a process; empty when that is refused. */
    Optional<SimSocket> open(SimProcess process, Program.Endpoint on, boolean listening) {
        if (attempt(on, process.uid, true) != PortHold.Bind.FREE) {
            return Optional.empty();
        }
        SimSocket socket = add(on, process.uid, listening, false);
        share(socket, process);
        return Optional.of(socket);
    }

    /** A socket without any process: the kernel's own, or another pid namespace's. */
    Optional<SimSocket> openOwnerless(Program.Endpoint on) {
        return attempt(on, User.ROOT, true) == PortHold.Bind.FREE
                ? Optional.of(add(on, User.ROOT, true, true))
                : Optional.empty();
    }

    private SimSocket add(Program.Endpoint on, long uid, boolean listening, boolean ownerless) {
        SimSocket socket = new SimSocket(nextCookie, FIRST_INODE + nextCookie, on, uid, listening, ownerless);
        nextCookie++;
        byCookie.put(socket.cookie, socket);
        byPort.computeIfAbsent(socket.key(), port -> new ArrayList<>()).add(socket);
        version++;
        witnesses.forEach(witness -> witness.opened(socket));
        return socket;
    }

    /** One more process has the socket open, as after a fork. */
    void share(SimSocket socket, SimProcess process) {
        socket.holders.add(process);
        process.sockets.add(socket);
        version++;
    }

    /** The process lets go of everything; what nobody else has open is destroyed. */
    void closeAll(SimProcess process) {
        for (SimSocket socket : List.copyOf(process.sockets)) {
            close(socket, process);
        }
    }

    void close(SimSocket socket, SimProcess process) {
        socket.holders.remove(process);
        process.sockets.remove(socket);
        version++;
        if (socket.holders.isEmpty() && !socket.ownerless) {
            destroy(socket);
        }
    }

    void destroy(SimSocket socket) {
        socket.destroyed = true;
        byCookie.remove(socket.cookie);
        List<SimSocket> rest = byPort.getOrDefault(socket.key(), new ArrayList<>());
        rest.remove(socket);
        if (rest.isEmpty()) {
            byPort.remove(socket.key());
        }
        version++;
        witnesses.forEach(witness -> witness.destroyed(socket));
    }

    /** Keeps a port taken with nobody listening, for a while. */
    void block(PortKey port, Blockage.Cause cause, Duration howLong) {
        blocked.put(port, new Blocked(cause, time.monotonic() + howLong.toNanos()));
    }

    Optional<Blockage.Cause> blockage(PortKey port) {
        Blocked found = blocked.get(port);
        if (found != null && found.until() <= time.monotonic()) {
            blocked.remove(port);
            found = null;
        }
        return Optional.ofNullable(found).map(Blocked::cause);
    }

    void unblockAll() {
        blocked.clear();
    }

    void touch() {
        version++;
    }
}
