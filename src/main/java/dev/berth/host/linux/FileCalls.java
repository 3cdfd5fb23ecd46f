package dev.berth.host.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The C library's calls for files, mapped directly. Buffers must be direct and are used from their first byte, whatever their
 * position. Every call answers −1 on failure; {@link #errno} of the same thread then tells why.
 */
final class FileCalls {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_APPEND = 0x400;
    static final int O_CLOEXEC = 0x80000;
    /** Takes a range out of a file; what is behind it moves there. */
    static final int FALLOC_FL_COLLAPSE_RANGE = 0x08;

    /** The same on all that Berth runs on; MIPS numbers it otherwise. */
    private static final int RLIMIT_NOFILE = 7;

    static {
        // What is linked into the process already: works with every C library and needs no file name.
        Native.register(FileCalls.class, NativeLibrary.getProcess());
    }

    private FileCalls() {}

    /**
     * @param path as {@link CText} makes it
     * @param mode of a file that is made; else of no meaning
     */
    static native int open(ByteBuffer path, int flags, int mode);

    /** As {@link #open(ByteBuffer, int, int)}, by {@link SocketCalls#address}. */
    static native int open(long path, int flags, int mode);

    /** Into a direct buffer, by {@link SocketCalls#address}. */
    static native long read(int fd, long into, long bytes);

    /** Into a direct buffer, by {@link SocketCalls#address}; leaves the file's own position alone. */
    static native long pread(int fd, long buffer, long bytes, long offset);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native int close(int fd);

    /** Never fails. */
    static native int umask(int mask);

    /** How many descriptors this program may have open at once; 0 where the kernel does not tell. */
    static long mostDescriptors() {
        ByteBuffer limits = ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());
        long now = getrlimit(RLIMIT_NOFILE, limits) < 0 ? 0 : limits.getLong(0);
        // RLIM_INFINITY is all ones.
        return now < 0 ? Long.MAX_VALUE : now;
    }

    /** Two numbers of 64 bits: the limit, and how far it may be raised. */
    private static native int getrlimit(int resource, ByteBuffer limits);

    static int errno() {
        return Native.getLastError();
    }
}
