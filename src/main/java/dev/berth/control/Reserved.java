package dev.berth.control;

import dev.berth.model.Fault;
import dev.berth.model.PortKey;
import dev.berth.model.Reservation;
import java.util.List;

/** What came of a wish to reserve ports. */
public sealed interface Reserved {
    /**
     * All that was wanted.
     *
     * @param warnings what a person should know about the ports that were named
     */
    record Made(List<Reservation> reservations, List<String> warnings) implements Reserved {
        public Made {
            reservations = List.copyOf(reservations);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Nothing: too few are free.
     *
     * @param obstacles what holds each port that would have done, by port
     */
    record UsedUp(String reason, List<Obstacle> obstacles) implements Reserved {
        public UsedUp {
            obstacles = List.copyOf(obstacles);
        }
    }

    /** Nothing: what was asked can't be. */
    record Invalid(Fault fault) implements Reserved {}

    /** Why a port can't be had, in words that begin with it. */
    record Obstacle(PortKey port, String why) {}
}
