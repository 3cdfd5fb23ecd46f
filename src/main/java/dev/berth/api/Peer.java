package dev.berth.api;

import dev.berth.host.CallerLookup;
import dev.berth.model.User;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Who is at the other end of a connection, by the kernel's word. The one class that knows the insides of Vert.x and netty:
 * neither has a public way to a peer's credentials.
 */
final class Peer {
    private static final AttributeKey<Peer> REMEMBERED = AttributeKey.valueOf(Peer.class, "peer");

    private final boolean local;
    private final Optional<User> user;

    private Peer(boolean local, Optional<User> user) {
        this.local = local;
        this.user = user;
    }

    /** Asked once per connection, when its first request comes: its client is then still connected. */
    static Peer of(HttpConnection connection, CallerLookup lookup) {
        Channel channel = ((ConnectionBase) connection).channel();
        Peer known = channel.attr(REMEMBERED).get();
        if (known != null) {
            return known;
        }
        Peer asked = ask(channel, lookup);
        channel.attr(REMEMBERED).set(asked);
        return asked;
    }

    private static Peer ask(Channel channel, CallerLookup lookup) {
        if (channel instanceof EpollDomainSocketChannel socket) {
            try {
                return new Peer(
                        true, Optional.of(new User(socket.peerCredentials().uid(), Optional.empty())));
            } catch (IOException notTold) {
                // A client that has gone has no credentials; whoever it was gets no answer anyway.
                return new Peer(true, Optional.empty());
            }
        }
        if (channel.remoteAddress() instanceof InetSocketAddress client
                && channel.localAddress() instanceof InetSocketAddress server) {
            return new Peer(false, lookup.callerOf(client, server));
        }
        return new Peer(false, Optional.empty());
    }

    /** Whether it came over the Unix socket, which has no Host and no browsers. */
    boolean isUnixSocket() {
        return local;
    }

    /** Empty when the kernel's answer was not beyond doubt. */
    Optional<User> user() {
        return user;
    }
}
