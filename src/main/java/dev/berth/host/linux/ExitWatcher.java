package dev.berth.host.linux;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for the end of many processes: epoll over their pidfds. Where a process has no pidfd, the same
 * thread asks again and again whether it still runs. Every descriptor is closed on exec and, at the latest, with this.
 */
final class ExitWatcher implements AutoCloseable {
    /** How often processes without a pidfd are asked for: well below what a person notices, 40 small reads a second. */
    private static final int POLL_MILLIS = 25;

    private static final int FOREVER = -1;

    /** What one wake-up takes at most; the rest follows in the next round. */
    private static final int EVENTS = 64;

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;

    /** struct epoll_event is packed on x86-64 only. */
    private static final boolean PACKED = Platform.isIntel() && Platform.is64Bit();

    private static final int EVENT_BYTES = PACKED ? 12 : 16;
    private static final int EVENT_DATA = PACKED ? 4 : 8;

    /** The event that only wakes the thread. */
    private static final long WAKE = 0;

    static {
        Native.register(ExitWatcher.class, "c");
    }

    private final int epoll;
    private final int wake;
    private final AtomicLong ids = new AtomicLong(WAKE);
    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
    private final Queue<Runnable> due = new ArrayDeque<>();
    private final Thread thread;
    private boolean closed;
    private boolean released;

    ExitWatcher() throws CallException {
        epoll = check("epoll_create1", epoll_create1(EPOLL_CLOEXEC));
        try {
            wake = check("eventfd", eventfd(0, EFD_CLOEXEC_NONBLOCK));
        } catch (CallException e) {
            close(epoll);
            throw e;
        }
        add(wake, WAKE);
        thread = new Thread(this::run, "berth-exit-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Runs the callback once when the process ends. Takes the pidfd over.
     *
     * @return ends the watch; the callback may be running at that moment
     */
    synchronized Runnable watch(Pidfd pidfd, Runnable callback) throws CallException {
        requireOpen();
        long id = ids.incrementAndGet();
        watched.put(id, new Watched(pidfd, callback));
        try {
            add(pidfd.descriptor(), id);
        } catch (CallException e) {
            watched.remove(id);
            throw e;
        }
        return () -> {
            Watched ended = watched.remove(id);
            if (ended != null) {
                release(ended);
            }
        };
    }

    /** As {@link #watch}, by asking. */
    synchronized Runnable ask(BooleanSupplier gone, Runnable callback) {
        requireOpen();
        long id = ids.incrementAndGet();
        asked.put(id, new Asked(gone, callback));
        wakeUp();
        return () -> asked.remove(id);
    }

    /** Runs the callback on this thread now. */
    synchronized void runSoon(Runnable callback) {
        requireOpen();
        due.add(callback);
        wakeUp();
    }

    /** Ends all watches and waits for the thread, unless it is the one that calls. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            wakeUp();
        }
        if (Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        ByteBuffer events = ByteBuffer.allocateDirect(EVENTS * EVENT_BYTES).order(ByteOrder.nativeOrder());
        try {
            while (!isClosed()) {
                int ready = epoll_wait(epoll, events, EVENTS, asked.isEmpty() ? FOREVER : POLL_MILLIS);
                if (ready < 0 && Native.getLastError() != Errno.EINTR) {
                    throw new IllegalStateException("epoll_wait: " + Errno.describe(Native.getLastError()));
                }
                for (int i = 0; i < ready; i++) {
                    ended(events.getLong(i * EVENT_BYTES + EVENT_DATA));
                }
                askAll();
                runDue();
            }
        } finally {
            releaseAll();
        }
    }

    private void ended(long id) {
        if (id == WAKE) {
            read(wake, ByteBuffer.allocateDirect(Long.BYTES), Long.BYTES);
            return;
        }
        Watched ended = watched.remove(id);
        if (ended != null) {
            release(ended);
            call(ended.callback());
        }
    }

    private void askAll() {
        asked.forEach((id, each) -> {
            if (each.gone().getAsBoolean() && asked.remove(id, each)) {
                call(each.callback());
            }
        });
    }

    private void runDue() {
        Runnable next = nextDue();
        while (next != null) {
            call(next);
            next = nextDue();
        }
    }

    private synchronized @Nullable Runnable nextDue() {
        return due.poll();
    }

    /** One callback's fault is reported as any thread's would be, and must not cost the others theirs. */
    private void call(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    private synchronized void release(Watched ended) {
        // Closing a pidfd would take it out of the set only if nobody had duplicated it.
        if (!released) {
            epoll_ctl(epoll, EPOLL_CTL_DEL, ended.pidfd().descriptor(), ByteBuffer.allocateDirect(EVENT_BYTES));
        }
        ended.pidfd().close();
    }

    private synchronized void releaseAll() {
        closed = true;
        released = true;
        watched.values().forEach(each -> each.pidfd().close());
        watched.clear();
        asked.clear();
        due.clear();
        close(epoll);
        close(wake);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the watch for ended processes has been closed");
        }
    }

    private void wakeUp() {
        write(
                wake,
                ByteBuffer.allocateDirect(Long.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putLong(0, 1),
                Long.BYTES);
    }

    private void add(int descriptor, long id) throws CallException {
        ByteBuffer event = ByteBuffer.allocateDirect(EVENT_BYTES).order(ByteOrder.nativeOrder());
        event.putInt(0, EPOLLIN).putLong(EVENT_DATA, id);
        check("epoll_ctl", epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, event));
    }

    private static int check(String call, int result) throws CallException {
        if (result < 0) {
            throw new CallException(call, Native.getLastError());
        }
        return result;
    }

    private record Watched(Pidfd pidfd, Runnable callback) {}

    private record Asked(BooleanSupplier gone, Runnable callback) {}

    private static native int epoll_create1(int flags);

    private static native int epoll_ctl(int epoll, int operation, int descriptor, ByteBuffer event);

    private static native int epoll_wait(int epoll, ByteBuffer events, int most, int timeoutMillis);

    private static native int eventfd(int value, int flags);

    private static native long read(int descriptor, ByteBuffer into, long bytes);

    private static native long write(int descriptor, ByteBuffer from, long bytes);

    private static native int close(int descriptor);
}
