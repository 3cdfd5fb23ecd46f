package dev.berth.host.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * The C library's calls for sockets, mapped directly. Buffers must be direct and are used from their first byte, whatever
 * their position. Every call answers −1 on failure; {@link #errno} of the same thread then tells why.
 */
final class SocketCalls {
    static final int AF_NETLINK = 16;
    static final int SOCK_RAW = 3;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_RCVBUF = 8;
    static final int SO_RCVTIMEO = 20;
    static final int SO_ATTACH_FILTER = 26;
    static final int SOL_NETLINK = 270;
    static final int NETLINK_ADD_MEMBERSHIP = 1;
    /** Makes recv answer the datagram's real length, so that a cut one is noticed. */
    static final int MSG_TRUNC = 0x20;

    static final int MSG_DONTWAIT = 0x40;
    static final int EFD_CLOEXEC = 0x80000;
    static final short POLLIN = 1;

    static {
        // What is linked into the process already: works with every C library and needs no file name.
        Native.register(SocketCalls.class, NativeLibrary.getProcess());
    }

    private SocketCalls() {}

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, ByteBuffer address, int length);

    static native int setsockopt(int fd, int level, int name, ByteBuffer value, int length);

    /** By {@link #address}, as {@link #recv}: they are what a tick does, and JNA asks each buffer several questions. */
    static native long send(int fd, long buffer, long length, int flags);

    static native long recv(int fd, long buffer, long length, int flags);

    static native int poll(ByteBuffer descriptors, long count, int timeoutMillis);

    static native int eventfd(int initial, int flags);

    static native long write(int fd, ByteBuffer buffer, long length);

    static native int close(int fd);

    /** By {@link #address}: it is called for every descriptor of every process, and buffers cost a tenth of it. */
    static native long readlink(long path, long target, long size);

    static native int geteuid();

    /** Where a direct buffer's first byte is; good as long as the buffer is. */
    static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    static int errno() {
        return Native.getLastError();
    }
}
