package dev.berth.model;

import java.util.OptionalLong;

/**
 * One socket that listens (TCP) or is bound (UDP).
 *
 * @param address textual, without brackets; {@code 0.0.0.0} and {@code ::} are wildcards
 * @param dualStack an IPv6 wildcard socket that takes IPv4 as well
 * @param uid the socket's creator, which need not be its holder's
 * @param cookie the kernel's identity of the socket; on systems without one, a number that stays while the socket lives
 * @param inode links the socket to descriptors of processes; empty where the system has none
 */
public record Listener(
        Protocol protocol,
        String address,
        int port,
        boolean dualStack,
        long uid,
        long cookie,
        OptionalLong inode,
        Ownership ownership) {
    public PortKey key() {
        return new PortKey(protocol, port);
    }

    public boolean isWildcard() {
        return address.equals("0.0.0.0") || address.equals("::");
    }

    public boolean isIpv6() {
        return address.indexOf(':') >= 0;
    }
}
