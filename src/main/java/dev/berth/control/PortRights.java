package dev.berth.control;

import dev.berth.model.PortKey;
import dev.berth.model.User;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * For whom Berth holds which ports. It binds with its own rights, which are root's on a machine that it runs for everybody:
 * without this any user could keep a port from the machine's web server by reserving it. Safe for use by many threads.
 */
@FunctionalInterface
public interface PortRights {
    /** Where Berth has no more rights than whoever asks it: the system itself says what can be bound. */
    PortRights OF_THE_SYSTEM = (port, owner) -> true;

    boolean mayHold(PortKey port, User owner);

    /**
     * The ports that the system keeps for root are held for administrators only.
     *
     * @param first the lowest port that the system lets everybody bind, as it is now
     */
    static PortRights privileged(IntSupplier first, Predicate<User> administrators) {
        return (port, owner) -> port.port() >= first.getAsInt() || administrators.test(owner);
    }
}
