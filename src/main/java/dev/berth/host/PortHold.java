package dev.berth.host;

import dev.berth.model.PortKey;
import java.util.Optional;

/** Tries and holds ports at the socket, without ever listening. */
public interface PortHold {
    /**
     * Could a program bind the port on this address now? Binds as a careful holder does and lets go at once.
     *
     * @param host a numeric address, or {@code localhost}
     */
    Bind tryBind(PortKey port, String host);

    /**
     * Holds the port on every address of both families (or, where IPv6 is off, on every IPv4 address) until closed.
     *
     * @return empty when it is taken
     */
    Optional<Held> hold(PortKey port);

    /** Whether the machine really enforces holds; tested once at start-up. */
    boolean enforced();

    /** The answer to an attempt to bind. */
    enum Bind {
        FREE,
        /** EADDRINUSE. */
        IN_USE,
        /** EACCES, such as below 1024 without the privilege: not the same as in use. */
        DENIED,
        /** EADDRNOTAVAIL: the address is not one of this machine. */
        NO_SUCH_ADDRESS
    }

    /** A held port; closing twice does nothing. */
    interface Held extends AutoCloseable {
        PortKey port();

        @Override
        void close();
    }
}
