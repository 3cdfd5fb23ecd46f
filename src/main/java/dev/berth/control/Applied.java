package dev.berth.control;

import dev.berth.model.Reservation;
import dev.berth.model.ServiceKey;
import java.util.List;

/** What became of a file that was applied. */
public sealed interface Applied {
    /**
     * All of it was done.
     *
     * @param services each declaration in the order given
     * @param pruned what was removed because the stack no longer names it
     * @param reserved made; those that were there already are not among them
     * @param released because the stack no longer names them
     * @param warnings what a person should know about the reserved ports
     */
    record Done(
            List<Declared> services,
            List<ServiceKey> pruned,
            List<Reservation> reserved,
            List<Reservation> released,
            List<String> warnings)
            implements Applied {
        public Done {
            services = List.copyOf(services);
            pruned = List.copyOf(pruned);
            reserved = List.copyOf(reserved);
            released = List.copyOf(released);
            warnings = List.copyOf(warnings);
        }
    }

    /** Nothing was done: a port that the file wants reserved can't be had. */
    record NoPort(Reserved.UsedUp why) implements Applied {}
}
