package dev.berth.host.linux;

import dev.berth.model.Listener;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.util.OptionalLong;

/**
 * One socket as sock_diag tells it.
 *
 * @param ipv6 the socket's family; its addresses may be IPv4 all the same
 * @param localAddress textual, IPv4 inside IPv6 as IPv4
 * @param remotePort 0 when it has no peer
 * @param cookie the kernel's identity of the socket, never used twice
 * @param inode empty when no descriptor belongs to it (TIME_WAIT, closed by its process, a kernel's socket)
 * @param v6only takes IPv6 only; false where the kernel does not tell, which is for sockets with a peer
 * @param expires milliseconds until the running timer ends; for TIME_WAIT the time until the port is free
 * @param cgroup the inode of the cgroup2 directory of its creator; empty on kernels that don't tell
 */
record InetSocket(
        Protocol protocol,
        boolean ipv6,
        TcpState state,
        String localAddress,
        int localPort,
        String remoteAddress,
        int remotePort,
        long cookie,
        long uid,
        OptionalLong inode,
        boolean v6only,
        long expires,
        OptionalLong cgroup) {

    PortKey key() {
        return new PortKey(protocol, localPort);
    }

    boolean hasPeer() {
        return remotePort != 0;
    }

    /** An IPv6 wildcard that takes IPv4 too. */
    boolean dualStack() {
        return ipv6 && !v6only && localAddress.equals("::");
    }

    Listener listener(Ownership ownership) {
        return new Listener(protocol, localAddress, localPort, dualStack(), uid, cookie, inode, ownership);
    }
}
