package dev.berth.sim;

import dev.berth.host.Signal;
import java.util.Optional;

/** Told of everything that really happens on the machine, at the moment at which it does. */
interface Witness {
    /** A signal reached a process; {@code byBerth} when it was Berth that sent it. */
    default void signalled(SimProcess process, Signal signal, boolean byBerth) {}

    default void spawned(SimProcess process) {}

    /** Berth has started a service's program; {@code marker} names the service. */
    default void launched(SimProcess process, Optional<String> marker, String launch) {}

    default void exited(SimProcess process) {}

    default void opened(SimSocket socket) {}

    default void destroyed(SimSocket socket) {}
}
