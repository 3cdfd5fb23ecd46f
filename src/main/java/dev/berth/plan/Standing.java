package dev.berth.plan;

import dev.berth.model.ConflictHolder;
import dev.berth.model.ProcessRef;
import java.util.Optional;

/** How a service stands towards one port, as far as it was seen. */
sealed interface Standing {
    /** It could bind it. */
    record Free() implements Standing {}

    /**
     * Its own process has it.
     *
     * @param recorded it, or a process above it, is the one in the service's status
     * @param assumed nothing but port and user say that it is its own
     * @param sharedWith who else has a socket of the port open and is not the service's
     */
    record Own(ProcessRef process, boolean recorded, boolean assumed, Optional<String> sharedWith)
            implements Standing {}

    /** The next look may tell. */
    record Unclear(String reason) implements Standing {}

    /**
     * Something holds it.
     *
     * @param stale it is the service's own process, but not the one that should run
     */
    record Taken(ConflictHolder holder, Sighting sighting, boolean stale) implements Standing {}

    /** A service that is being deleted or moves to another port still has it, and gives it up within moments. */
    record Leaving(String why) implements Standing {}

    /** Another declaration or a reservation has the right to it. */
    record Claimed(ConflictHolder holder, String why) implements Standing {}
}
