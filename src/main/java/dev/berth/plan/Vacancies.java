package dev.berth.plan;

import dev.berth.model.Blockage;
import dev.berth.model.Eviction;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.model.PortRange;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Which ports may be reserved, and what keeps the others: the rules of the allocator for somebody who is no service. */
public final class Vacancies {
    private final Policy policy;
    private final Availability availability;

    /** @param wanted the reservation that would be made, whatever its port */
    public Vacancies(
            Policy policy,
            HostSnapshot look,
            List<Service> services,
            List<Reservation> reservations,
            Map<PortKey, Blockage> blockages,
            Map<PortKey, Eviction> evictions,
            Reservation wanted) {
        this.policy = policy;
        this.availability = new Availability(
                policy,
                new ListenerIndex(look),
                new Newcomer(new ClaimIndex(services), new ReservationIndex(reservations), wanted),
                blockages,
                evictions);
    }

    /** Who has the port already; empty when it can be had by whoever names it. */
    public Optional<String> use(PortKey port) {
        return availability.use(port);
    }

    /** Why the port is not chosen for anybody; empty when it may be. */
    public Optional<String> obstacle(PortKey port) {
        return availability.obstacle(port);
    }

    public boolean isFree(PortKey port) {
        return availability.isFree(port);
    }

    /** A service would rather have it than any other: to be taken when nothing else is left. */
    public boolean isPreferred(PortKey port) {
        return availability.isPreferredByOther(port);
    }

    /** What to choose from, in order: all of a range that somebody named, else the default one without the ports of outgoing connections. */
    public List<PortRange> ranges(Optional<PortRange> named) {
        return named.map(List::of).orElseGet(() -> PortOrder.defaults(policy));
    }

    /** The next port that may be free: those before it are not. */
    public OptionalInt next(Protocol protocol, int from, int to) {
        return availability.next(protocol, from, to);
    }

    /** What a person should know who named the port; empty when there is nothing to say. */
    public Optional<String> warning(PortKey port) {
        return availability.warning(port);
    }
}
