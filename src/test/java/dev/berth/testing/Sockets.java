package dev.berth.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/** Real sockets for tests, as other programs would open them. */
public final class Sockets {
    private Sockets() {}

    /** A port that the kernel finds free on every address; somebody else may take it at any time. */
    public static int freeTcpPort() {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            return port(channel.bind(new InetSocketAddress("::", 0)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static int freeUdpPort() {
        try (DatagramChannel channel = DatagramChannel.open()) {
            return port(channel.bind(new InetSocketAddress("::", 0)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens with SO_REUSEADDR, as most servers do; empty when refused. */
    public static Optional<AutoCloseable> listen(String address, int port) {
        return open(
                () -> {
                    ServerSocketChannel channel = ServerSocketChannel.open(family(address));
                    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                    return channel;
                },
                address,
                port);
    }

    /** Bound for datagrams, without sharing; empty when refused. */
    public static Optional<AutoCloseable> bindUdp(String address, int port) {
        return open(() -> DatagramChannel.open(family(address)), address, port);
    }

    private static Optional<AutoCloseable> open(Opener opener, String address, int port) {
        try {
            NetworkChannel channel = opener.open();
            try {
                channel.bind(new InetSocketAddress(InetAddress.getByName(address), port));
                return Optional.of(channel);
            } catch (IOException e) {
                channel.close();
                return Optional.empty();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StandardProtocolFamily family(String address) {
        return address.indexOf(':') >= 0 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    private static int port(NetworkChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private interface Opener {
        NetworkChannel open() throws IOException;
    }
}
