package dev.berth.host.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** The C library's calls for files, mapped directly. Every call answers −1 on failure; {@link #errno} of the same thread then tells why. */
final class FileCalls {
    static final int O_RDWR = 2;
    static final int O_CLOEXEC = 0x80000;
    /** Takes a range out of a file; what is behind it moves there. */
    static final int FALLOC_FL_COLLAPSE_RANGE = 0x08;

    static {
        Native.register(FileCalls.class, NativeLibrary.getProcess());
    }

    private FileCalls() {}

    /** @param path ends with a zero byte */
    static native int open(byte[] path, int flags);

    static native int fallocate(int fd, int mode, long offset, long length);

    static native int close(int fd);

    static int errno() {
        return Native.getLastError();
    }
}
