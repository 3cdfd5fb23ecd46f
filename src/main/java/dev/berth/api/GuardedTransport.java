package dev.berth.api;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.transport.Transport;
import jakarta.enterprise.inject.spi.CDI;
import java.util.concurrent.ThreadFactory;

/**
 * The transport that Vert.x found, whose listening sockets have {@link Acceptance} before everything else. It is the one place
 * where a connection can be had before its first request: the handlers that Vert.x offers are set by the framework.
 */
final class GuardedTransport implements Transport {
    private final Transport found;

    private GuardedTransport(Transport found) {
        this.found = found;
    }

    /** Found by Vert.x through {@code META-INF/services}. */
    public static final class Provider implements VertxServiceProvider {
        @Override
        public void init(VertxBuilder builder) {
            builder.findTransport(new GuardedTransport(builder.findTransport()));
        }
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        ChannelFactory<? extends ServerChannel> factory = found.serverChannelFactory(domainSocket);
        return () -> guarded(factory.newChannel());
    }

    private static ServerChannel guarded(ServerChannel channel) {
        channel.pipeline().addLast(CDI.current().select(Acceptance.class).get().handler());
        return channel;
    }

    @Override
    public boolean supportsDomainSockets() {
        return found.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return found.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return found.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return found.unavailabilityCause();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        return found.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
        return found.convert(address);
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ratio) {
        return found.eventLoopGroup(type, threads, factory, ratio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return found.datagramChannel();
    }

    @Override
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return found.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return found.channelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        found.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, boolean domainSocket, Bootstrap bootstrap) {
        found.configure(options, domainSocket, bootstrap);
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        found.configure(options, domainSocket, bootstrap);
    }
}
