package dev.berth.plan;

import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import dev.berth.model.Service;
import java.util.Optional;

/** What others have a right to, as whoever looks for a port sees it. */
interface Rights {
    /** The service that has the port. */
    Optional<Service> assigned(PortKey port);

    /** A reservation of the port for somebody else. */
    Optional<Reservation> reserved(PortKey port);

    /** A service would rather have this port than any other. */
    boolean isPreferredByOther(PortKey port);
}
