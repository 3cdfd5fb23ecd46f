package dev.berth.host.linux;

import java.io.IOException;

/** A system call that failed, with the kernel's reason. */
final class CallException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int errno;

    CallException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
