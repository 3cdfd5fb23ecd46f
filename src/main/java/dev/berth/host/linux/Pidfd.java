package dev.berth.host.linux;

import com.sun.jna.Native;
import dev.berth.host.ExitStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

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

    /** Linux 5.4. */
    private static final int P_PIDFD = 3;

    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;

    /** siginfo_t of a 64-bit process: where its code, pid and status stand. */
    private static final int SIGINFO_BYTES = 128;

    private static final int SI_CODE = 8;
    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;
    private static final int CLD_EXITED = 1;

    /** Reads struct pidfd_info in its first size (64 bytes); Linux 6.13, with exits 6.15. */
    private static final long PIDFD_GET_INFO = 0xC040_FF0BL;

    private static final int INFO_BYTES = 64;
    private static final int INFO_EXIT_CODE = 60;
    private static final long INFO_EXIT = 8;

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

    /** Can the child of a pidfd be reaped here, and none other? */
    static boolean canReap() {
        try (Pidfd self = open(ProcessHandle.current().pid())) {
            self.reap();
            return false;
        } catch (CallException e) {
            // Nobody is a child of its own; a kernel that does not know the question calls it invalid.
            return e.errno() == Errno.ECHILD;
        }
    }

    /** Does this kernel tell how a process ended that is not a child of this one? */
    static boolean isExitTold() {
        try (Pidfd self = open(ProcessHandle.current().pid())) {
            return ioctl(self.descriptor, PIDFD_GET_INFO, info()) >= 0;
        } catch (CallException e) {
            return false;
        }
    }

    /**
     * Takes the status of a child that has ended, and frees its pid.
     *
     * @return empty when it has not ended, or when who traces it has to notice that first
     * @throws CallException ECHILD when it is no child, or was reaped already
     */
    Optional<ExitStatus> reap() throws CallException {
        ByteBuffer info = ByteBuffer.allocateDirect(SIGINFO_BYTES).order(ByteOrder.nativeOrder());
        if (waitid(P_PIDFD, descriptor, info, WEXITED | WNOHANG) < 0) {
            throw new CallException("waitid", Native.getLastError());
        }
        if (info.getInt(SI_PID) == 0) {
            return Optional.empty();
        }
        int status = info.getInt(SI_STATUS);
        return Optional.of(
                info.getInt(SI_CODE) == CLD_EXITED
                        ? new ExitStatus.Returned(status)
                        : new ExitStatus.Signalled(status));
    }

    /** How the process ended, whoever reaped it; empty before that, and on kernels that don't tell. */
    Optional<ExitStatus> exitStatus() {
        ByteBuffer info = info();
        if (ioctl(descriptor, PIDFD_GET_INFO, info) < 0 || (info.getLong(0) & INFO_EXIT) == 0) {
            return Optional.empty();
        }
        return Optional.of(WaitStatus.of(info.getInt(INFO_EXIT_CODE)));
    }

    /** Asks for the exit only. */
    private static ByteBuffer info() {
        return ByteBuffer.allocateDirect(INFO_BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(0, INFO_EXIT);
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

    private static native int waitid(int kind, int id, ByteBuffer info, int options);

    private static native int ioctl(int descriptor, long request, ByteBuffer argument);

    private static native int close(int descriptor);
}
