package dev.berth.control;

import dev.berth.host.PortHold;
import dev.berth.model.Launch;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceKey;
import dev.berth.store.Registry;
import dev.berth.store.Store;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ports that Berth itself keeps bound, so that nobody else takes them: those that are reserved and not claimed, and those
 * of services that are yet to be started. What should be held follows from the registry alone, so a new Berth takes up the
 * same ones.
 *
 * <p>Every commit is followed before its caller has the answer. So a port is let go once the intent of a start (or a claim)
 * is on disk, before anything is started, and is not taken again in between.
 *
 * <p>What Berth holds counts as free for whoever Berth gives it to: {@link #tryBind} says so.
 */
final class Holds implements AutoCloseable {
    /**
     * Each is a file descriptor. Systems grant 4096 and more, and those who ask for services' exits and for connections
     * want theirs; what is reserved beyond is a promise among those who ask Berth.
     */
    static final int MOST = 2_000;

    private final PortHold sockets;
    private final PortRights rights;
    private final Registry registry;

    // All guarded by this. Holding is a few system calls, no waiting.
    private final Map<PortKey, PortHold.Held> held = new HashMap<>();
    private final Map<ServiceKey, Seat> seats = new HashMap<>();
    private final Map<PortKey, ServiceKey> seated = new HashMap<>();
    /** Held for reservations that are not stored yet. */
    private final Set<PortKey> promised = new HashSet<>();
    /** Should be held, and could not be. */
    private final Set<PortKey> missing = new HashSet<>();

    private boolean closed;

    Holds(PortHold sockets, PortRights rights, Registry registry) {
        this.sockets = sockets;
        this.rights = rights;
        this.registry = registry;
    }

    /** @param waiting nothing of the service runs yet that could bind the port, which may be held for its owner */
    private record Seat(PortKey port, boolean waiting) {}

    /** What came of trying to hold a port for a reservation that is not stored yet. */
    enum Promise {
        HELD,
        /** It is free, and Berth can't hold it: by lack of a right, or on a system where holds keep nobody out. */
        FREE,
        TAKEN
    }

    /** Takes what the registry says, as it is now. */
    synchronized void recover() {
        registry.services().forEach(this::seat);
        Set<PortKey> ports = new LinkedHashSet<>(seated.keySet());
        registry.reservations().forEach(each -> ports.add(each.port()));
        ports.forEach(this::settle);
    }

    /**
     * Follows a commit.
     *
     * @return the ports that it was about
     */
    synchronized Set<PortKey> committed(List<Store.JournalRow> rows) {
        Set<PortKey> ports = new LinkedHashSet<>();
        for (Store.JournalRow row : rows) {
            if (row.snapshot() instanceof Service service) {
                Optional.ofNullable(seats.get(service.key())).map(Seat::port).ifPresent(ports::add);
                if (row.change() == Store.Change.DELETED) {
                    unseat(service.key());
                } else {
                    seat(service);
                    service.assigned().ifPresent(ports::add);
                }
            } else if (row.snapshot() instanceof Reservation reservation) {
                ports.add(reservation.port());
            }
        }
        ports.forEach(this::settle);
        return ports;
    }

    private void seat(Service service) {
        unseat(service.key());
        service.assigned().ifPresent(port -> {
            seats.put(
                    service.key(),
                    new Seat(
                            port,
                            isWaiting(service)
                                    && rights.mayHold(port, service.metadata().owner())));
            seated.put(port, service.key());
        });
    }

    private void unseat(ServiceKey service) {
        Seat before = seats.remove(service);
        if (before != null) {
            seated.remove(before.port(), service);
        }
    }

    /** Not yet started: it waits for others or is being prepared. One that is tried again after failures is not meant. */
    static boolean isWaiting(Service service) {
        Run run = service.status().runOrNone();
        boolean installing = run.launch()
                .filter(launch -> launch.step() == Launch.Step.INSTALL)
                .isPresent();
        boolean started = !installing
                && (run.launch().isPresent() || service.status().process().isPresent());
        return !service.spec().isObserved()
                && service.spec().running()
                && service.metadata().deletionTimestamp().isEmpty()
                && !started
                && run.stop().isEmpty()
                && run.gaveUp().isEmpty()
                && run.nextStart().isEmpty();
    }

    /** Holds the port if it should be held, and lets go of it if not. */
    synchronized void settle(PortKey port) {
        boolean wanted = isWanted(port);
        if (!wanted) {
            missing.remove(port);
            if (!promised.contains(port)) {
                letGo(port);
            }
        } else if (!held.containsKey(port) && !closed) {
            if (take(port)) {
                missing.remove(port);
            } else {
                missing.add(port);
            }
        }
    }

    private boolean isWanted(PortKey port) {
        if (!sockets.enforced()) {
            return false;
        }
        ServiceKey service = seated.get(port);
        Seat seat = service == null ? null : seats.get(service);
        if (seat != null) {
            return seat.waiting();
        }
        return registry.reservation(port)
                .filter(reservation -> reservation.claim().isEmpty() && rights.mayHold(port, reservation.owner()))
                .isPresent();
    }

    private boolean take(PortKey port) {
        if (isFull()) {
            return false;
        }
        try {
            Optional<PortHold.Held> taken = sockets.hold(port);
            taken.ifPresent(hold -> held.put(port, hold));
            return taken.isPresent();
        } catch (UncheckedIOException outOfSockets) {
            // Says nothing about the port. It is tried again, and its reservation says that it is not held.
            return false;
        }
    }

    private void letGo(PortKey port) {
        PortHold.Held hold = held.remove(port);
        if (hold != null) {
            hold.close();
        }
    }

    /** Tries again what could not be held. */
    synchronized void retry() {
        List.copyOf(missing).forEach(this::settle);
    }

    /** Takes the port for a reservation that is about to be stored; {@link #withdraw} ends that. */
    synchronized Promise promise(PortKey port) {
        if (held.containsKey(port)) {
            promised.add(port);
            return Promise.HELD;
        }
        if (sockets.enforced() && take(port)) {
            promised.add(port);
            return Promise.HELD;
        }
        PortHold.Bind answer = sockets.tryBind(port, PortQueries.ANY);
        // Free here although a hold was refused: then an address that was not tried is taken.
        boolean refused = sockets.enforced() && !isFull();
        boolean free = answer == PortHold.Bind.DENIED || (answer == PortHold.Bind.FREE && !refused);
        return free ? Promise.FREE : Promise.TAKEN;
    }

    /** The reservation is stored, or will not be: from now on the registry alone says what is held. */
    synchronized void withdraw(PortKey port) {
        promised.remove(port);
        settle(port);
    }

    synchronized boolean isHeld(PortKey port) {
        return held.containsKey(port);
    }

    /** Whether no more ports can be held. */
    synchronized boolean isFull() {
        return held.size() >= MOST;
    }

    /** Whether this machine keeps others from a held port. */
    boolean enforced() {
        return sockets.enforced();
    }

    /** The service that the port is assigned to. */
    synchronized Optional<ServiceKey> seatedOn(PortKey port) {
        return Optional.ofNullable(seated.get(port));
    }

    synchronized List<PortKey> held(Protocol protocol) {
        List<PortKey> ports = new ArrayList<>();
        for (PortKey port : held.keySet()) {
            if (port.protocol() == protocol) {
                ports.add(port);
            }
        }
        return ports;
    }

    /** Could a program bind the port on this address, once Berth has let go of it? */
    synchronized PortHold.Bind tryBind(PortKey port, String host) {
        PortHold.Bind answer = sockets.tryBind(port, host);
        return answer == PortHold.Bind.IN_USE && held.containsKey(port) ? PortHold.Bind.FREE : answer;
    }

    @Override
    public synchronized void close() {
        closed = true;
        List.copyOf(held.keySet()).forEach(this::letGo);
    }
}
