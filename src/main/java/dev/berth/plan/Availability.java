package dev.berth.plan;

import dev.berth.model.Blockage;
import dev.berth.model.Eviction;
import dev.berth.model.PortKey;
import dev.berth.model.Ports;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Protocol;
import dev.berth.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Why a port can't be chosen for somebody. Stricter than a bind would be: something that listens on any
 * address of the port is in the way, so that nobody debugs the wrong instance.
 */
final class Availability {
    private final Policy policy;
    private final ListenerIndex index;
    private final Rights rights;
    private final Map<PortKey, Blockage> blockages;
    private final Map<PortKey, Eviction> evictions;

    private @Nullable Quick tcp;
    private @Nullable Quick udp;

    Availability(
            Policy policy,
            ListenerIndex index,
            Rights rights,
            Map<PortKey, Blockage> blockages,
            Map<PortKey, Eviction> evictions) {
        this.policy = policy;
        this.index = index;
        this.rights = rights;
        this.blockages = blockages;
        this.evictions = evictions;
    }

    /** Another service would rather have this port than any other. */
    boolean isPreferredByOther(PortKey port) {
        return rights.isPreferredByOther(port);
    }

    /** Why the port is not chosen; empty when it may be. */
    Optional<String> obstacle(PortKey port) {
        return use(port).or(() -> rule(port));
    }

    /** As {@link #obstacle}, without the words: for a search among tens of thousands. */
    boolean isFree(PortKey port) {
        return index.on(port).isEmpty()
                && rule(port).isEmpty()
                && rights.reserved(port).isEmpty()
                && !blockages.containsKey(port)
                && !isBeingFreed(port)
                && rights.assigned(port).isEmpty();
    }

    /** The next port that may be free: those before it are not. */
    OptionalInt next(Protocol protocol, int from, int to) {
        Quick quick = protocol == Protocol.TCP ? tcp : udp;
        if (quick == null) {
            quick = quick(protocol);
        }
        OptionalInt next = PortMap.firstFree(from, to, quick.taken());
        for (PortKey own : quick.own()) {
            boolean sooner = own.port() >= from && own.port() <= next.orElse(to);
            next = sooner ? OptionalInt.of(own.port()) : next;
        }
        return next;
    }

    private record Quick(PortMap[] taken, List<PortKey> own) {}

    private Quick quick(Protocol protocol) {
        List<PortMap> maps = new ArrayList<>(rights.taken(protocol));
        maps.add(index.taken(protocol));
        Quick made = new Quick(maps.toArray(PortMap[]::new), rights.own(protocol));
        if (protocol == Protocol.TCP) {
            tcp = made;
        } else {
            udp = made;
        }
        return made;
    }

    /** Who has the port already. */
    Optional<String> use(PortKey port) {
        if (!index.on(port).isEmpty()) {
            return Optional.of(port + " is held by " + holder(port));
        }
        Optional<Service> other = rights.assigned(port);
        if (other.isPresent()) {
            return Optional.of(port + " is assigned to " + other.get().key());
        }
        Optional<String> reserved =
                rights.reserved(port).map(reservation -> port + " is reserved for " + reservation.holder());
        if (reserved.isPresent()) {
            return reserved;
        }
        Blockage blockage = blockages.get(port);
        if (blockage != null) {
            return Optional.of(port + " can't be bound (" + blockage.explanation() + ")");
        }
        return isBeingFreed(port) ? Optional.of(port + " is being freed for somebody else") : Optional.empty();
    }

    private boolean isBeingFreed(PortKey port) {
        Eviction eviction = evictions.get(port);
        return eviction != null && eviction.phase().isOpen();
    }

    /** What keeps Berth from choosing the port by itself, whoever wants it. */
    Optional<String> rule(PortKey port) {
        if (policy.isReserved(port.port())) {
            return Optional.of(port + " is on the list of reserved ports");
        }
        if (port.port() < Ports.LOWEST_CHOSEN) {
            return Optional.of(port + " is below " + Ports.LOWEST_CHOSEN);
        }
        if (port.protocol() == Protocol.TCP && Ports.REFUSED_BY_BROWSERS.contains(port.port())) {
            return Optional.of(port + " is refused by browsers");
        }
        return Optional.empty();
    }

    /** What a person should know who named such a port for a service; empty when there is nothing to say. */
    Optional<String> warning(PortKey port) {
        return rule(port)
                .or(
                        () -> policy.ephemeral()
                                .filter(range -> range.contains(port.port()))
                                .map(
                                        range -> port + " is one of " + range
                                                + ", which the kernel hands out to outgoing connections:"
                                                + " one of those may have it when it is needed (ip_local_reserved_ports keeps them off)"))
                .map(why -> why + ": Berth would not have chosen it, and uses it because it was asked for");
    }

    private String holder(PortKey port) {
        Sighting sighting = Sighting.anywhere(index, port);
        return sighting.topmost()
                .map(Availability::brief)
                .orElseGet(() -> sighting.gap()
                        .map(gap -> "an unknown process (" + gap.reason() + ")")
                        .orElse("an unknown process"));
    }

    private static String brief(ProcessFacts process) {
        return process.comm() + " (" + process.ref() + ")";
    }
}
