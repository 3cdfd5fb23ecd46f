package dev.berth.sim;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.util.ArrayList;
import java.util.List;

/** A socket of the simulated machine. Destroyed when its last holder closes it, unless the kernel itself owns it. */
final class SimSocket {
    final long cookie;
    final long inode;
    final Protocol protocol;
    final String address;
    final int port;
    final boolean dualStack;
    final boolean reusePort;
    final long uid;
    /** False for a port that is bound but not listened on: it blocks, and no look shows it. */
    final boolean listening;
    /** Owned by no process that can be seen from here: the kernel, or another pid namespace. */
    final boolean ownerless;

    final List<SimProcess> holders = new ArrayList<>();
    /** Until then the observer is still searching for the owner; monotonic nanoseconds. */
    long searchedUntil;

    boolean destroyed;

    SimSocket(long cookie, long inode, Program.Endpoint on, long uid, boolean listening, boolean ownerless) {
        this.cookie = cookie;
        this.inode = inode;
        this.protocol = on.protocol();
        this.address = on.address();
        this.port = on.port();
        this.dualStack = on.dualStack();
        this.reusePort = on.reusePort();
        this.uid = uid;
        this.listening = listening;
        this.ownerless = ownerless;
    }

    PortKey key() {
        return new PortKey(protocol, port);
    }

    /** Would a bind of this address be refused because of this socket? The kernel's table in LINUX.md, without flags. */
    boolean collidesWith(String host, boolean dual) {
        return Addresses.collide(address, dualStack, host, dual);
    }

    @Override
    public String toString() {
        return protocol.label() + " " + address + ":" + port;
    }
}
