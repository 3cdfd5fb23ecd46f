package dev.berth.host;

import dev.berth.model.User;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Tells who is at the other end of a loopback TCP connection. */
public interface CallerLookup {
    /**
     * The user whose socket is connected from {@code client} to {@code server}; to be asked right after the accept.
     *
     * @return empty when the kernel's answer is not beyond doubt; the caller is then a stranger
     */
    Optional<User> callerOf(InetSocketAddress client, InetSocketAddress server);
}
