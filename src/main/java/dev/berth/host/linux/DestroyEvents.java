package dev.berth.host.linux;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Hears from the kernel that sockets were destroyed, about 0.1 ms after it happened, on a thread of its own. Sockets with a
 * peer are kept away by a filter in the kernel, so that a busy server's connections don't wake it. What is lost when the
 * buffer overflows is found by the next tick.
 */
final class DestroyEvents implements AutoCloseable {
    private static final int NETLINK_SOCK_DIAG = 4;
    /** SKNLGRP_INET_TCP_DESTROY, INET_UDP, INET6_TCP, INET6_UDP. */
    private static final int[] GROUPS = {1, 2, 3, 4};
    /** A notification with its tcp_info takes 380 bytes. */
    private static final int BUFFER = 8 * 1024;

    private static final int HEADER = 16;
    /** The thread ends within microseconds of being woken; more than this means that its listener hangs. */
    private static final long CLOSE_MILLIS = 2_000;

    private final Listener listener;
    private final int events;
    private final int wake;
    private final Thread thread;
    private volatile boolean closed;

    /** Told of each destroyed socket that had no peer. Must return at once. */
    @FunctionalInterface
    interface Listener {
        void destroyed(PortKey port, long cookie);
    }

    DestroyEvents(Listener listener) throws NetlinkException {
        this.listener = listener;
        this.events = subscribe();
        attachFilter(events);
        this.wake = SocketCalls.eventfd(0, SocketCalls.EFD_CLOEXEC);
        if (wake < 0) {
            int errno = SocketCalls.errno();
            SocketCalls.close(events);
            throw new NetlinkException("no eventfd", errno);
        }
        thread = new Thread(this::listen, "berth-socket-gone");
        thread.setDaemon(true);
        thread.start();
    }

    /** A socket that is told of every destroyed one. */
    static int subscribe() throws NetlinkException {
        int fd = SocketCalls.socket(
                SocketCalls.AF_NETLINK, SocketCalls.SOCK_RAW | SocketCalls.SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
        if (fd < 0) {
            throw new NetlinkException("no netlink socket for notifications", SocketCalls.errno());
        }
        // Without an address of its own a socket is passed over by broadcasts.
        ByteBuffer address = words(3);
        address.putShort(0, (short) SocketCalls.AF_NETLINK);
        int failed = SocketCalls.bind(fd, address, 12);
        for (int i = 0; i < GROUPS.length && failed == 0; i++) {
            ByteBuffer group = words(1);
            group.putInt(0, GROUPS[i]);
            failed = SocketCalls.setsockopt(fd, SocketCalls.SOL_NETLINK, SocketCalls.NETLINK_ADD_MEMBERSHIP, group, 4);
        }
        if (failed != 0) {
            int errno = SocketCalls.errno();
            SocketCalls.close(fd);
            throw new NetlinkException("no notifications of destroyed sockets", errno);
        }
        return fd;
    }

    /** Keeps notifications of sockets with a peer away; where that fails they are passed over after waking us. */
    private static void attachFilter(int fd) {
        ByteBuffer program = ByteBuffer.allocateDirect(4 * 8).order(ByteOrder.nativeOrder());
        // ldh [dport]; jeq 0, keep, drop; keep: ret all; drop: ret 0
        instruction(program, 0, 0x28, 0, 0, HEADER + 6);
        instruction(program, 1, 0x15, 0, 1, 0);
        instruction(program, 2, 0x06, 0, 0, 0x40000);
        instruction(program, 3, 0x06, 0, 0, 0);
        ByteBuffer filter = words(4);
        filter.putShort(0, (short) 4);
        filter.putLong(8, SocketCalls.address(program));
        SocketCalls.setsockopt(fd, SocketCalls.SOL_SOCKET, SocketCalls.SO_ATTACH_FILTER, filter, 16);
    }

    private static void instruction(ByteBuffer program, int index, int code, int yes, int no, int value) {
        program.putShort(index * 8, (short) code);
        program.put(index * 8 + 2, (byte) yes);
        program.put(index * 8 + 3, (byte) no);
        program.putInt(index * 8 + 4, value);
    }

    private static ByteBuffer words(int count) {
        return ByteBuffer.allocateDirect(count * 4).order(ByteOrder.nativeOrder());
    }

    private void listen() {
        ByteBuffer both = words(4);
        both.putInt(0, events);
        both.putShort(4, SocketCalls.POLLIN);
        both.putInt(8, wake);
        both.putShort(12, SocketCalls.POLLIN);
        ByteBuffer datagram = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.nativeOrder());
        while (!closed) {
            both.putShort(6, (short) 0);
            both.putShort(14, (short) 0);
            if (SocketCalls.poll(both, 2, -1) < 0 && SocketCalls.errno() != Errno.EINTR) {
                return;
            }
            if (both.getShort(6) != 0) {
                drain(datagram);
            }
        }
    }

    private void drain(ByteBuffer datagram) {
        long address = SocketCalls.address(datagram);
        while (!closed) {
            long length = SocketCalls.recv(events, address, BUFFER, SocketCalls.MSG_DONTWAIT);
            if (length >= 0) {
                walk(datagram, (int) length, listener);
            } else if (SocketCalls.errno() != Errno.ENOBUFS && SocketCalls.errno() != Errno.EINTR) {
                return;
            }
        }
    }

    /** Reads the notifications of one datagram. Pure. */
    static void walk(ByteBuffer datagram, int length, Listener listener) {
        int at = 0;
        while (at + HEADER + InetDiag.MESSAGE_LENGTH <= length) {
            int size = datagram.getInt(at);
            if (size < HEADER + InetDiag.MESSAGE_LENGTH || size > length - at) {
                return;
            }
            int payload = at + HEADER;
            int port = InetDiag.localPort(datagram, payload);
            boolean ours = (datagram.getShort(at + 4) & 0xffff) == InetDiag.SOCK_DIAG_BY_FAMILY;
            if (ours && port != 0 && InetDiag.remotePort(datagram, payload) == 0) {
                Protocol protocol = InetDiag.protocol(datagram, payload, at + size);
                listener.destroyed(new PortKey(protocol, port), InetDiag.cookie(datagram, payload));
            }
            at += size + 3 & ~3;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        ByteBuffer one = words(2);
        one.putLong(0, 1);
        SocketCalls.write(wake, one, 8);
        boolean interrupted = false;
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive()) {
            // Not while the thread still polls them: their numbers could become another file's.
            SocketCalls.close(events);
            SocketCalls.close(wake);
        }
    }
}
