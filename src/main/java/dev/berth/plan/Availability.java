package dev.berth.plan;

import dev.berth.model.Blockage;
import dev.berth.model.Eviction;
import dev.berth.model.PortKey;
import dev.berth.model.Ports;
import dev.berth.model.ProcessFacts;
import dev.berth.model.Protocol;
import dev.berth.model.Service;
import java.util.Optional;

/**
 * Why a port can't be chosen for the service of a situation. Stricter than a bind would be: something that listens on any
 * address of the port is in the way, so that nobody debugs the wrong instance.
 */
final class Availability {
    private final Situation situation;
    private final Policy policy;
    private final ListenerIndex index;
    private final Claims claims;

    Availability(Situation situation, Policy policy, ListenerIndex index, Claims claims) {
        this.situation = situation;
        this.policy = policy;
        this.index = index;
        this.claims = claims;
    }

    /** Another service would rather have this port than any other. */
    boolean isPreferredByOther(PortKey port) {
        return claims.isPreferredByOther(port);
    }

    /** Why the port is not chosen; empty when it may be. */
    Optional<String> obstacle(PortKey port) {
        return use(port).or(() -> rule(port));
    }

    /** Who has the port already. */
    private Optional<String> use(PortKey port) {
        if (!index.on(port).isEmpty()) {
            return Optional.of(port + " is held by " + holder(port));
        }
        Optional<Service> other = claims.assigned(port);
        if (other.isPresent()) {
            return Optional.of(port + " is assigned to " + other.get().key());
        }
        Optional<String> reserved =
                claims.reserved(port).map(reservation -> port + " is reserved for " + reservation.holder());
        if (reserved.isPresent()) {
            return reserved;
        }
        Blockage blockage = situation.blockages().get(port);
        if (blockage != null) {
            return Optional.of(port + " can't be bound (" + blockage.explanation() + ")");
        }
        Eviction eviction = situation.evictions().get(port);
        return eviction != null && eviction.phase().isOpen()
                ? Optional.of(port + " is being freed for somebody else")
                : Optional.empty();
    }

    /** What keeps Berth from choosing the port by itself, whoever wants it. */
    private Optional<String> rule(PortKey port) {
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
                .map(why -> why + ": Berth would not have chosen it, and uses it because the declaration names it");
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
