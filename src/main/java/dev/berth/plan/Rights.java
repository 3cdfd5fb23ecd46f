package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import java.util.List;
import java.util.Optional;

/** What others have a right to, as whoever looks for a port sees it. */
interface Rights {
    /** The service that has the port. */
    Optional<Service> assigned(PortKey port);

    /** A reservation of the port for somebody else. */
    Optional<Reservation> reserved(PortKey port);

    /** What {@link #assigned} and {@link #reserved} tell, for a quick search: more may be in it, see {@link #own}. */
    List<PortMap> taken(Protocol protocol);

    /** Ports of those maps that are taken by nobody else. */
    List<PortKey> own(Protocol protocol);

    /** A service would rather have this port than any other. */
    boolean isPreferredByOther(PortKey port);
}
