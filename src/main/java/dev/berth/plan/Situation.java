package dev.berth.plan;

import dev.berth.model.Blockage;
import dev.berth.model.Conflict;
import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import java.util.List;
import java.util.Map;

/**
 * Everything that judging one service looks at.
 *
 * @param services every declared service; what they say of {@code service} itself does not count. Give the same list for
 *     as long as nothing changes: what is made of it is shared
 * @param blockages ports that a bind failed on although nothing listens, as found lately
 * @param conflicts the open conflicts of this service (several only when it has been contested on several ports)
 * @param evictions what is being ended, or has just been, by port
 * @param losses the contests of all ports that are remembered: among equal ports the calmer is chosen
 * @param run what was seen of the processes that Berth runs for it
 * @param history what ending did before on the ports of this service, newest first; given only when there is a contest
 */
public record Situation(
        Service service,
        List<Service> services,
        List<Reservation> reservations,
        HostSnapshot host,
        Map<PortKey, Blockage> blockages,
        List<Conflict> conflicts,
        Map<PortKey, Eviction> evictions,
        List<PastEviction> history,
        Losses losses,
        BerthIdentity berth,
        RunFacts run) {
    public Situation {
        services = List.copyOf(services);
        reservations = List.copyOf(reservations);
        blockages = Map.copyOf(blockages);
        conflicts = List.copyOf(conflicts);
        evictions = Map.copyOf(evictions);
        history = List.copyOf(history);
    }

    /** The same with more seen of the processes that Berth runs for it. */
    public Situation with(RunFacts seen) {
        return new Situation(
                service, services, reservations, host, blockages, conflicts, evictions, history, losses, berth, seen);
    }

    /** With no contests to remember. */
    public Situation(
            Service service,
            List<Service> services,
            List<Reservation> reservations,
            HostSnapshot host,
            Map<PortKey, Blockage> blockages,
            List<Conflict> conflicts,
            Map<PortKey, Eviction> evictions,
            List<PastEviction> history,
            BerthIdentity berth,
            RunFacts run) {
        this(service, services, reservations, host, blockages, conflicts, evictions, history, Losses.NONE, berth, run);
    }

    /** Of a service for which Berth runs nothing. */
    public Situation(
            Service service,
            List<Service> services,
            List<Reservation> reservations,
            HostSnapshot host,
            Map<PortKey, Blockage> blockages,
            List<Conflict> conflicts,
            Map<PortKey, Eviction> evictions,
            List<PastEviction> history,
            BerthIdentity berth) {
        this(service, services, reservations, host, blockages, conflicts, evictions, history, berth, RunFacts.NOTHING);
    }
}
