package dev.berth.host.linux;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Waits for many descriptors at once, by epoll(7), and can be woken. Any thread may add, remove and wake; one waits and reads
 * what came. Every descriptor is closed on exec.
 */
final class Epoll implements AutoCloseable {
    /** What one wait takes at most; the rest follows in the next. */
    private static final int EVENTS = 64;

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;
    private static final int EPOLLIN = 1;
    private static final int EPOLLHUP = 0x10;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;

    /** struct epoll_event is packed on x86-64 only. */
    private static final boolean PACKED = Platform.isIntel() && Platform.is64Bit();

    private static final int EVENT_BYTES = PACKED ? 12 : 16;
    private static final int EVENT_ID = PACKED ? 4 : 8;

    static {
        Native.register(Epoll.class, "c");
    }

    /** What became of a descriptor. */
    @FunctionalInterface
    interface Ready {
        /** @param hungUp nothing more will ever come from it */
        void ready(long id, boolean hungUp);
    }

    /** The event that only wakes: ids of descriptors are above it. */
    private static final long WAKE = 0;

    private final ByteBuffer events =
            ByteBuffer.allocateDirect(EVENTS * EVENT_BYTES).order(ByteOrder.nativeOrder());
    private final int epoll;
    private final int wake;

    Epoll() throws CallException {
        epoll = check("epoll_create1", epoll_create1(EPOLL_CLOEXEC));
        try {
            wake = check("eventfd", eventfd(0, EFD_CLOEXEC_NONBLOCK));
        } catch (CallException e) {
            close(epoll);
            throw e;
        }
        control(EPOLL_CTL_ADD, wake, EPOLLIN, WAKE);
    }

    /** @param id names the descriptor in what comes; above 0 */
    void add(int descriptor, long id) throws CallException {
        control(EPOLL_CTL_ADD, descriptor, EPOLLIN, id);
    }

    /** From now on tells no more of the descriptor than that it hung up. */
    void awaitHangUp(int descriptor, long id) throws CallException {
        control(EPOLL_CTL_MOD, descriptor, 0, id);
    }

    /** Closing a pidfd would take it out of the set only if nobody had duplicated it. One that is not in it may be removed too. */
    void remove(int descriptor) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, event(0, WAKE));
    }

    /** Ends the wait that is under way, or the next one. */
    void wakeUp() {
        write(
                wake,
                ByteBuffer.allocateDirect(Long.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putLong(0, 1),
                Long.BYTES);
    }

    /**
     * Waits until something comes.
     *
     * @param timeoutMillis negative to wait for ever
     * @return false when the time passed and nothing came
     */
    boolean await(int timeoutMillis, Ready into) {
        int count = epoll_wait(epoll, events, EVENTS, timeoutMillis);
        if (count < 0 && Native.getLastError() != Errno.EINTR) {
            throw new IllegalStateException("epoll_wait: " + Errno.describe(Native.getLastError()));
        }
        for (int i = 0; i < count; i++) {
            long id = events.getLong(i * EVENT_BYTES + EVENT_ID);
            if (id == WAKE) {
                read(wake, ByteBuffer.allocateDirect(Long.BYTES), Long.BYTES);
            } else {
                into.ready(id, (events.getInt(i * EVENT_BYTES) & EPOLLHUP) != 0);
            }
        }
        return count != 0;
    }

    @Override
    public void close() {
        close(epoll);
        close(wake);
    }

    private void control(int operation, int descriptor, int events, long id) throws CallException {
        check("epoll_ctl", epoll_ctl(epoll, operation, descriptor, event(events, id)));
    }

    private static ByteBuffer event(int events, long id) {
        return ByteBuffer.allocateDirect(EVENT_BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(0, events)
                .putLong(EVENT_ID, id);
    }

    private static int check(String call, int result) throws CallException {
        if (result < 0) {
            throw new CallException(call, Native.getLastError());
        }
        return result;
    }

    private static native int epoll_create1(int flags);

    private static native int epoll_ctl(int epoll, int operation, int descriptor, ByteBuffer event);

    private static native int epoll_wait(int epoll, ByteBuffer events, int most, int timeoutMillis);

    private static native int eventfd(int value, int flags);

    private static native long read(int descriptor, ByteBuffer into, long bytes);

    private static native long write(int descriptor, ByteBuffer from, long bytes);

    private static native int close(int descriptor);
}
