package dev.berth.control;

import dev.berth.host.ObservationException;
import dev.berth.model.HostSnapshot;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.util.List;
import java.util.Optional;

/** Answers who holds which port. Reads only. */
public final class PortQueries {
    PortQueries() {}

    /**
     * Every port that is in use, assigned, reserved or declared as preferred, by number.
     *
     * @param protocol empty means both
     * @param all also ports that are only an alternative of some service
     * @throws ObservationException when nothing was ever seen and a look fails now
     */
    public List<PortView> list(Optional<Protocol> protocol, boolean all) throws ObservationException {
        throw new UnsupportedOperationException("not yet");
    }

    /** One port, looked at freshly and thoroughly; when nothing listens, what else keeps it from being bound. */
    public PortView view(PortKey port) throws ObservationException {
        throw new UnsupportedOperationException("not yet");
    }

    /** The latest look at the whole machine, for what it covered and what it missed. */
    public HostSnapshot latest() throws ObservationException {
        throw new UnsupportedOperationException("not yet");
    }
}
