package dev.berth.control;

import dev.berth.model.Blockage;
import dev.berth.model.Conflict;
import dev.berth.model.ConflictHolder;
import dev.berth.model.Eviction;
import dev.berth.model.Listener;
import dev.berth.model.PortKey;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Reservation;
import dev.berth.model.ServiceKey;
import java.util.List;
import java.util.Optional;

/**
 * One port as it is: who is on it, who wants it.
 *
 * @param sockets every socket of the port, with who holds it
 * @param services which services want it or have it
 * @param held whether Berth itself holds it at the socket, for its reservation or for a service that is yet to be started
 * @param conflicts the open ones about this port
 * @param eviction what is being ended on it right now
 * @param blockage why it can't be bound although nothing listens; looked for only when one port is asked for
 * @param explanation all of it in a few sentences for people
 */
public record PortView(
        PortKey port,
        List<Socket> sockets,
        List<Use> services,
        Optional<Reservation> reservation,
        boolean held,
        List<Conflict> conflicts,
        Optional<Eviction> eviction,
        Optional<Blockage> blockage,
        String explanation) {
    public PortView {
        sockets = List.copyOf(sockets);
        services = List.copyOf(services);
        conflicts = List.copyOf(conflicts);
    }

    /** Does anything listen (or, for UDP, is anything bound)? */
    public boolean inUse() {
        return !sockets.isEmpty();
    }

    /**
     * One socket and its holders.
     *
     * @param holder as Berth judges it: the topmost holder, or the unknown with its reason
     * @param processes what is known of each holder, topmost first; empty when unseen
     */
    public record Socket(Listener listener, ConflictHolder holder, List<ProcessFacts> processes) {
        public Socket {
            processes = List.copyOf(processes);
        }
    }

    /** A service that is concerned with the port. */
    public record Use(ServiceKey service, Role role) {
        /** How it is concerned; a service has each role at most once. */
        public enum Role {
            /** The port is the one it has. */
            ASSIGNED,
            PREFERRED,
            ALTERNATIVE
        }
    }
}
