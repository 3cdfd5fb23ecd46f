package dev.berth.host.linux;

import dev.berth.host.AddressText;
import dev.berth.host.CallerLookup;
import dev.berth.host.ObservationException;
import dev.berth.model.User;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * Asks the kernel whose the other end of a loopback connection is. Strict, because the kernel answers near misses too: for a
 * connection that is closing it says uid 0, and for one that is not there it may tell the listener. For any thread.
 */
public final class LinuxCallerLookup implements CallerLookup, AutoCloseable {
    private final Lock asking = new ReentrantLock();
    private final SockDiag kernel;
    private final ContainerCheck containers;
    private final LongFunction<User> users;

    private LinuxCallerLookup(SockDiag kernel, ContainerCheck containers, LongFunction<User> users) {
        this.kernel = kernel;
        this.containers = containers;
        this.users = users;
    }

    /** @throws ObservationException when the kernel can't be asked; then no caller over TCP can be known */
    public static LinuxCallerLookup open() throws ObservationException {
        try {
            return new LinuxCallerLookup(new SockDiag(), new ContainerCheck(), UserNames.system()::of);
        } catch (NetlinkException e) {
            throw new ObservationException("callers over TCP can't be told apart: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw new ObservationException("native code can't be called here (JNA): " + e, e);
        }
    }

    @Override
    public Optional<User> callerOf(InetSocketAddress client, InetSocketAddress server) {
        InetAddress from = client.getAddress();
        InetAddress to = server.getAddress();
        if (from == null || to == null || (from instanceof Inet4Address) != (to instanceof Inet4Address)) {
            return Optional.empty();
        }
        asking.lock();
        try {
            Optional<InetSocket> socket = find(client, server, false);
            if (socket.isEmpty() && from instanceof Inet4Address) {
                socket = find(client, server, true);
            }
            if (socket.isEmpty() || containers.mayBeContainer(socket.get())) {
                return Optional.empty();
            }
            return Optional.of(users.apply(socket.get().uid()));
        } catch (NetlinkException | IOException e) {
            // Not to know is an answer here, and the safe one: a stranger.
            return Optional.empty();
        } finally {
            asking.unlock();
        }
    }

    private Optional<InetSocket> find(InetSocketAddress client, InetSocketAddress server, boolean mapped)
            throws NetlinkException {
        return kernel.exact(client.getAddress(), client.getPort(), server.getAddress(), server.getPort(), mapped)
                .filter(socket -> isBeyondDoubt(socket, client, server));
    }

    /** The connected socket itself, with a process behind it, and no other one. */
    static boolean isBeyondDoubt(InetSocket socket, InetSocketAddress client, InetSocketAddress server) {
        return socket.state() == TcpState.ESTABLISHED
                && socket.inode().isPresent()
                && socket.localPort() == client.getPort()
                && socket.remotePort() == server.getPort()
                && socket.localAddress().equals(AddressText.of(client.getAddress()))
                && socket.remoteAddress().equals(AddressText.of(server.getAddress()));
    }

    @Override
    public void close() {
        asking.lock();
        try {
            kernel.close();
        } finally {
            asking.unlock();
        }
    }
}
