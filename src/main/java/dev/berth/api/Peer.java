package dev.berth.api;

import dev.berth.host.CallerLookup;
import dev.berth.model.User;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who is at the other end of a connection, by the kernel's word. The one class that knows the insides of Vert.x and netty:
 * neither has a public way to a peer's credentials.
 */
final class Peer {
    private static final AttributeKey<Peer> REMEMBERED = AttributeKey.valueOf(Peer.class, "peer");

    private static final int IPV6_NETWORK_BYTES = 8;

    private final boolean local;
    private final Optional<User> user;

    private final Optional<InetSocketAddress> client;
    private final Optional<InetSocketAddress> server;

    private Peer(
            boolean local,
            Optional<User> user,
            Optional<InetSocketAddress> client,
            Optional<InetSocketAddress> server) {
        this.local = local;
        this.user = user;
        this.client = client;
        this.server = server;
    }

    /** Asked once per connection, when its first request comes: its client is then still connected. */
    static Peer of(HttpConnection connection, CallerLookup lookup) {
        return of(((ConnectionBase) connection).channel(), lookup);
    }

    /**
     * Asked when the connection comes, to count it. Not remembered: who may do what is decided by what the kernel says when the
     * first request comes, and we may be too early to be told.
     */
    static Peer early(Channel channel, CallerLookup lookup) {
        return ask(channel, lookup);
    }

    private static Peer of(Channel channel, CallerLookup lookup) {
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
                return unix(Optional.of(new User(socket.peerCredentials().uid(), Optional.empty())));
            } catch (IOException notTold) {
                // A client that has gone has no credentials; whoever it was gets no answer anyway.
                return unix(Optional.empty());
            }
        }
        if (channel.remoteAddress() instanceof InetSocketAddress client
                && channel.localAddress() instanceof InetSocketAddress server) {
            return new Peer(false, lookup.callerOf(client, server), Optional.of(client), Optional.of(server));
        }
        return new Peer(false, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Peer unix(Optional<User> user) {
        return new Peer(true, user, Optional.empty(), Optional.empty());
    }

    /** Where it comes from, for counting: the port is another one with each connection. */
    String address() {
        return client.map(InetSocketAddress::getAddress)
                .map(InetAddress::getHostAddress)
                .orElse("unix");
    }

    /**
     * Under which name its connections and requests are counted: the user's, else that of the machine it comes from. An IPv6
     * machine has as many addresses as it likes of its network's first 64 bits.
     */
    String counted() {
        return user.map(known -> "uid " + known.uid())
                .orElseGet(() -> client.map(InetSocketAddress::getAddress)
                        .filter(Inet6Address.class::isInstance)
                        .map(each -> HexFormat.of().formatHex(each.getAddress(), 0, IPV6_NETWORK_BYTES) + "::/64")
                        .orElseGet(this::address));
    }

    /**
     * The address of ours that the client connected to, as a Host header names it; empty for loopback. A page's name can be
     * made to point at it, but a Host that is the address itself was meant.
     */
    Optional<String> ownAddress() {
        return server.map(InetSocketAddress::getAddress)
                .filter(address -> !address.isLoopbackAddress())
                .map(address -> address instanceof Inet6Address
                        ? "[" + address.getHostAddress().replaceAll("%.*", "") + "]"
                        : address.getHostAddress());
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
