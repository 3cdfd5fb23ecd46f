package dev.berth.host.linux;

import com.sun.jna.Native;
import dev.berth.model.Protocol;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A socket that can be bound without listening, closed on exec. The JDK's own sockets are not, and hide errno. */
final class RawSocket implements AutoCloseable {
    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_REUSEPORT = 15;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int SOCKADDR_IN_BYTES = 16;
    private static final int SOCKADDR_IN6_BYTES = 28;

    /** What options are set to. The kernel only reads them. */
    private static final ByteBuffer OFF = address(Integer.BYTES).putInt(0, 0);

    private static final ByteBuffer ON = address(Integer.BYTES).putInt(0, 1);

    static {
        Native.register(RawSocket.class, "c");
    }

    private final int descriptor;
    private boolean closed;

    private RawSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * An unbound socket of the address' family; one of IPv6 also takes IPv4.
     *
     * @throws CallException EAFNOSUPPORT when the kernel has no IPv6
     */
    static RawSocket open(Protocol protocol, boolean ipv6) throws CallException {
        int type = (protocol == Protocol.TCP ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC;
        RawSocket socket = new RawSocket(check("socket", socket(ipv6 ? AF_INET6 : AF_INET, type, 0)));
        if (ipv6) {
            try {
                socket.set(IPPROTO_IPV6, IPV6_V6ONLY, OFF);
            } catch (CallException e) {
                socket.close();
                throw e;
            }
        }
        return socket;
    }

    void reuseAddress(boolean on) throws CallException {
        set(SOL_SOCKET, SO_REUSEADDR, on ? ON : OFF);
    }

    void reusePort() throws CallException {
        set(SOL_SOCKET, SO_REUSEPORT, ON);
    }

    /** @param port 0 for any free one */
    void bind(InetAddress address, int port) throws CallException {
        boolean ipv6 = address instanceof Inet6Address;
        ByteBuffer name = address(ipv6 ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES);
        name.putShort(0, ipv6 ? AF_INET6 : AF_INET);
        name.put(2, (byte) (port >> 8)).put(3, (byte) port);
        name.position(ipv6 ? 8 : 4);
        name.put(address.getAddress()).rewind();
        if (address instanceof Inet6Address scoped) {
            name.putInt(24, scoped.getScopeId());
        }
        check("bind", bind(descriptor, name, name.capacity()));
    }

    void listen() throws CallException {
        check("listen", listen(descriptor, 1));
    }

    int localPort() throws CallException {
        ByteBuffer name = address(SOCKADDR_IN6_BYTES);
        ByteBuffer length = address(Integer.BYTES).putInt(0, SOCKADDR_IN6_BYTES);
        check("getsockname", getsockname(descriptor, name, length));
        return Byte.toUnsignedInt(name.get(2)) << 8 | Byte.toUnsignedInt(name.get(3));
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            close(descriptor);
        }
    }

    private void set(int level, int option, ByteBuffer value) throws CallException {
        check("setsockopt", setsockopt(descriptor, level, option, value, Integer.BYTES));
    }

    private static ByteBuffer address(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    private static int check(String call, int result) throws CallException {
        if (result < 0) {
            throw new CallException(call, Native.getLastError());
        }
        return result;
    }

    private static native int socket(int family, int type, int protocol);

    private static native int setsockopt(int socket, int level, int option, ByteBuffer value, int bytes);

    private static native int bind(int socket, ByteBuffer address, int bytes);

    private static native int listen(int socket, int backlog);

    private static native int getsockname(int socket, ByteBuffer address, ByteBuffer bytes);

    private static native int close(int socket);
}
