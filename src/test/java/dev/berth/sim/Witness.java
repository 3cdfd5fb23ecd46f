package dev.berth.sim;

import dev.berth.host.Signal;

/** Told of everything that really happens on the machine, at the moment at which it does. */
interface Witness {
    /** A signal reached a process; {@code byBerth} when it was Berth that sent it. */
    default void signalled(SimProcess process, Signal signal, boolean byBerth) {}

    default void spawned(SimProcess process) {}

    default void exited(SimProcess process) {}

    default void opened(SimSocket socket) {}

    default void destroyed(SimSocket socket) {}
}
