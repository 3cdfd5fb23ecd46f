package dev.berth.host.linux;

import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A descriptor that stands for one process and never for a later one of the same pid. The kernel closes it on exec by
 * itself.
 */
final class Pidfd implements ProcessPin {
    /** The same numbers on every architecture: they came after the tables were united. */
    private static final long PIDFD_SEND_SIGNAL = 424;

    private static final long PIDFD_OPEN = 434;

    private static final int POLLFD_BYTES = 8;
    private static final short POLLIN = 1;

    static {
        Native.register(Pidfd.class, "c");
    }

    private final int descriptor;
    private boolean closed;

    private Pidfd(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * @throws CallException ESRCH when there is no such process, ENOSYS before Linux 5.3
     */
    static Pidfd open(long pid) throws CallException {
        long result = syscall(PIDFD_OPEN, pid, 0, 0, 0);
        if (result < 0) {
            throw new CallException("pidfd_open(" + pid + ")", Native.getLastError());
        }
        return new Pidfd((int) result);
    }

    /** Does this kernel have pidfds, and does nothing (an old seccomp filter) forbid them? */
    static boolean isSupported() {
        try (Pidfd self = open(ProcessHandle.current().pid())) {
            self.send(0);
            return true;
        } catch (CallException e) {
            return false;
        }
    }

    int descriptor() {
        return descriptor;
    }

    @Override
    public void send(int signal) throws CallException {
        if (syscall(PIDFD_SEND_SIGNAL, descriptor, signal, 0, 0) < 0) {
            throw new CallException("pidfd_send_signal", Native.getLastError());
        }
    }

    @Override
    public boolean hasEnded() throws CallException {
        ByteBuffer pollfd = ByteBuffer.allocateDirect(POLLFD_BYTES).order(ByteOrder.nativeOrder());
        pollfd.putInt(0, descriptor).putShort(4, POLLIN);
        int ready;
        do {
            ready = poll(pollfd, 1, 0);
        } while (ready < 0 && Native.getLastError() == Errno.EINTR);
        if (ready < 0) {
            throw new CallException("poll", Native.getLastError());
        }
        return ready > 0;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            close(descriptor);
        }
    }

    private static native long syscall(long number, long first, long second, long third, long fourth);

    private static native int poll(ByteBuffer descriptors, long count, int timeoutMillis);

    private static native int close(int descriptor);
}
