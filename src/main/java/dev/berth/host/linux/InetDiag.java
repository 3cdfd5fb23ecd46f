package dev.berth.host.linux;

import dev.berth.host.AddressText;
import dev.berth.model.Protocol;
import dev.berth.model.Traffic;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The layout of sock_diag's requests and answers for internet sockets ({@code inet_diag_req_v2}, {@code inet_diag_msg}).
 * Pure. Netlink is in the machine's own byte order, addresses and ports in the network's.
 */
final class InetDiag {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int IPPROTO_TCP = 6;
    static final int IPPROTO_UDP = 17;

    static final int SOCK_DIAG_BY_FAMILY = 20;
    static final int REQUEST_LENGTH = 72;
    /** From the start of the payload to the first attribute. */
    static final int MESSAGE_LENGTH = 72;

    private static final int NLM_F_REQUEST = 0x1;
    private static final int NLM_F_DUMP = 0x300;

    private static final int ATTRIBUTE_INFO = 2;
    private static final int ATTRIBUTE_PROTOCOL = 10;
    private static final int ATTRIBUTE_SKV6ONLY = 11;
    private static final int ATTRIBUTE_CGROUP_ID = 21;

    /** In {@code struct tcp_info}; kernels since 4.1 tell both. */
    private static final int INFO_BYTES_ACKED = 120;

    private static final int INFO_BYTES_RECEIVED = 128;

    private InetDiag() {}

    static int number(Protocol protocol) {
        return protocol == Protocol.TCP ? IPPROTO_TCP : IPPROTO_UDP;
    }

    /**
     * Asks for every socket of a family in some states.
     *
     * @param states bits of {@link TcpState}
     * @param localPort 0 means every port; the kernel does not heed it for bound sockets that don't listen
     */
    static void dumpRequest(ByteBuffer to, int sequence, int family, Protocol protocol, int states, int localPort) {
        header(to, NLM_F_REQUEST | NLM_F_DUMP, sequence, family, protocol, states);
        networkShort(to, 24, localPort);
    }

    /** Asks for every open TCP connection of a family, with what went through it. */
    static void connectionsRequest(ByteBuffer to, int sequence, int family) {
        dumpRequest(to, sequence, family, Protocol.TCP, TcpState.ESTABLISHED.bit(), 0);
        to.put(18, (byte) (1 << ATTRIBUTE_INFO - 1));
    }

    /** Asks for the one socket that is bound here and connected there; both addresses of one family. */
    static void exactRequest(
            ByteBuffer to,
            int sequence,
            Protocol protocol,
            InetAddress local,
            int localPort,
            InetAddress remote,
            int remotePort,
            boolean mapped) {
        boolean v4 = local instanceof Inet4Address;
        header(to, NLM_F_REQUEST, sequence, v4 && !mapped ? AF_INET : AF_INET6, protocol, TcpState.EVERY_STATE);
        networkShort(to, 24, localPort);
        networkShort(to, 26, remotePort);
        address(to, 28, local.getAddress(), mapped);
        address(to, 44, remote.getAddress(), mapped);
    }

    private static void header(ByteBuffer to, int flags, int sequence, int family, Protocol protocol, int states) {
        to.order(ByteOrder.nativeOrder());
        for (int i = 0; i < REQUEST_LENGTH; i++) {
            to.put(i, (byte) 0);
        }
        to.putInt(0, REQUEST_LENGTH);
        to.putShort(4, (short) SOCK_DIAG_BY_FAMILY);
        to.putShort(6, (short) flags);
        to.putInt(8, sequence);
        to.put(16, (byte) family);
        to.put(17, (byte) number(protocol));
        to.putInt(20, states);
        // No cookie: any socket will do.
        to.putInt(64, -1);
        to.putInt(68, -1);
    }

    private static void networkShort(ByteBuffer to, int at, int value) {
        to.put(at, (byte) (value >> 8));
        to.put(at + 1, (byte) value);
    }

    private static void address(ByteBuffer to, int at, byte[] address, boolean mapped) {
        int start = at;
        if (address.length == 4 && mapped) {
            to.put(at + 10, (byte) -1);
            to.put(at + 11, (byte) -1);
            start = at + 12;
        }
        for (int i = 0; i < address.length; i++) {
            to.put(start + i, address[i]);
        }
    }

    static int family(ByteBuffer from, int at) {
        return from.get(at);
    }

    static int localPort(ByteBuffer from, int at) {
        return (from.get(at + 4) & 0xff) << 8 | from.get(at + 5) & 0xff;
    }

    static int remotePort(ByteBuffer from, int at) {
        return (from.get(at + 6) & 0xff) << 8 | from.get(at + 7) & 0xff;
    }

    static long cookie(ByteBuffer from, int at) {
        return from.getInt(at + 44) & 0xffff_ffffL | (long) from.getInt(at + 48) << 32;
    }

    static long uid(ByteBuffer from, int at) {
        return from.getInt(at + 64) & 0xffff_ffffL;
    }

    static long inode(ByteBuffer from, int at) {
        return from.getInt(at + 68) & 0xffff_ffffL;
    }

    /** A fingerprint of the local address, to notice without decoding it that it changed. */
    static long addressBits(ByteBuffer from, int at) {
        return from.getLong(at + 8) * 31 + from.getLong(at + 16);
    }

    /**
     * @param at where {@code inet_diag_msg} begins
     * @param end where the message ends, attributes included
     */
    static InetSocket decode(Protocol protocol, ByteBuffer from, int at, int end) {
        boolean ipv6 = family(from, at) == AF_INET6;
        int scope = from.getInt(at + 40);
        long inode = inode(from, at);
        int v6only = attribute(from, at, end, ATTRIBUTE_SKV6ONLY, 1);
        int cgroup = attribute(from, at, end, ATTRIBUTE_CGROUP_ID, Long.BYTES);
        return new InetSocket(
                protocol,
                ipv6,
                TcpState.of(from.get(at + 1)),
                ipv6 ? AddressText.v6(from, at + 8, scope) : AddressText.v4(from, at + 8),
                localPort(from, at),
                ipv6 ? AddressText.v6(from, at + 24, scope) : AddressText.v4(from, at + 24),
                remotePort(from, at),
                cookie(from, at),
                uid(from, at),
                inode == 0 ? OptionalLong.empty() : OptionalLong.of(inode),
                v6only != 0 && from.get(v6only) != 0,
                from.getInt(at + 52) & 0xffff_ffffL,
                cgroup == 0 ? OptionalLong.empty() : OptionalLong.of(from.getLong(cgroup)));
    }

    /** What went through a connection; empty when the kernel does not tell. */
    static Optional<Traffic> traffic(ByteBuffer from, int at, int end) {
        int counters = attribute(from, at, end, ATTRIBUTE_INFO, 1);
        if (counters == 0 || counters + INFO_BYTES_RECEIVED + Long.BYTES > end) {
            return Optional.empty();
        }
        return Optional.of(new Traffic(
                localPort(from, at),
                cookie(from, at),
                from.getLong(counters + INFO_BYTES_RECEIVED),
                from.getLong(counters + INFO_BYTES_ACKED)));
    }

    /** The protocol that a destroy notification names; TCP where it names none. */
    static Protocol protocol(ByteBuffer from, int at, int end) {
        int value = attribute(from, at, end, ATTRIBUTE_PROTOCOL, 1);
        return value != 0 && from.get(value) == IPPROTO_UDP ? Protocol.UDP : Protocol.TCP;
    }

    /** Where the attribute's value begins; 0 when it is not there or too short (no value can begin at 0). */
    private static int attribute(ByteBuffer from, int at, int end, int type, int least) {
        int position = at + MESSAGE_LENGTH;
        while (position + 4 <= end) {
            int length = from.getShort(position) & 0xffff;
            if (length < 4 || position + length > end) {
                return 0;
            }
            if ((from.getShort(position + 2) & 0x3fff) == type) {
                return length - 4 >= least ? position + 4 : 0;
            }
            position += length + 3 & ~3;
        }
        return 0;
    }
}
