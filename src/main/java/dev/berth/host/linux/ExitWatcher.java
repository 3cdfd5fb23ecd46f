package dev.berth.host.linux;

import dev.berth.host.ExitStatus;
import dev.berth.model.ProcessRef;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for the end of many processes through their pidfds, learns how they ended, and then calls back. Where
 * a process has no pidfd, the same thread asks again and again whether it still runs. Every descriptor is closed with this
 * at the latest.
 */
final class ExitWatcher implements AutoCloseable {
    /** How often processes without a pidfd are asked for: well below what a person notices, 40 small reads a second. */
    private static final int POLL_MILLIS = 25;

    private static final int FOREVER = -1;

    /**
     * So many polls a callback is kept back for the status of a process whose parent has not taken it yet, where only that
     * would tell it. Parents do that within a millisecond or seconds later (a careless pid 1 of a container), and nobody
     * notices a restart that comes 50 ms later.
     */
    private static final int STATUS_POLLS = 2;

    private final Epoll epoll;
    private final ExitStatuses statuses;
    private final int statusPolls;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
    /** Polls that are left for processes that have ended and whose status is not known yet. */
    private final Map<Long, Integer> late = new HashMap<>();

    private final Queue<Runnable> due = new ArrayDeque<>();
    private final Thread thread;
    private boolean closed;
    private boolean released;

    ExitWatcher(ExitStatuses statuses) throws CallException {
        this(statuses, STATUS_POLLS);
    }

    /** @param statusPolls as {@link #STATUS_POLLS}, for tests in which a parent takes its time */
    ExitWatcher(ExitStatuses statuses, int statusPolls) throws CallException {
        this.statuses = statuses;
        this.statusPolls = statusPolls;
        epoll = new Epoll();
        thread = new Thread(this::run, "berth-exit-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Reaps this child of Berth when it ends, whoever else watches it. Takes the pidfd over; when this has been closed it does
     * nothing more, as Berth itself is about to end and init to inherit its children.
     */
    synchronized void adopt(ProcessRef child, Pidfd pidfd) {
        if (closed) {
            pidfd.close();
            return;
        }
        statuses.adopt(child);
        long id = ids.incrementAndGet();
        watched.put(id, new Watched(child, pidfd, true, () -> {}));
        try {
            epoll.add(pidfd.descriptor(), id);
        } catch (CallException e) {
            // The kernel's limit of watches per user: asking needs none.
            late.put(id, statusPolls);
            epoll.wakeUp();
        }
    }

    /**
     * Runs the callback once when the process ends. Takes the pidfd over, unless it throws.
     *
     * @return ends the watch; the callback may be running at that moment
     */
    synchronized Runnable watch(ProcessRef process, Pidfd pidfd, Runnable callback) throws CallException {
        requireOpen();
        long id = ids.incrementAndGet();
        watched.put(id, new Watched(process, pidfd, false, callback));
        try {
            epoll.add(pidfd.descriptor(), id);
        } catch (CallException e) {
            watched.remove(id);
            throw e;
        }
        return () -> drop(id);
    }

    /** As {@link #watch}, by asking. */
    synchronized Runnable ask(BooleanSupplier gone, Runnable callback) {
        requireOpen();
        long id = ids.incrementAndGet();
        asked.put(id, new Asked(gone, callback));
        epoll.wakeUp();
        return () -> asked.remove(id);
    }

    /** Runs the callback on this thread now. */
    synchronized void runSoon(Runnable callback) {
        requireOpen();
        due.add(callback);
        epoll.wakeUp();
    }

    /** How the process ended, also when that is so new that this thread has not come to it yet. */
    synchronized Optional<ExitStatus> exitStatus(ProcessRef process) {
        Optional<ExitStatus> known = statuses.of(process);
        if (known.isPresent()) {
            return known;
        }
        for (Watched each : watched.values()) {
            if (each.process().equals(process) && statuses.learn(process, each.pidfd())) {
                break;
            }
        }
        return statuses.of(process).or(() -> statuses.untaken(process));
    }

    /** Ends all watches and waits for the thread, unless it is the one that calls. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            epoll.wakeUp();
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
        try {
            while (!isClosed()) {
                boolean came = epoll.await(isPolling() ? POLL_MILLIS : FOREVER, this::ended);
                if (!came) {
                    lookAgain();
                }
                askAll();
                runDue();
            }
        } finally {
            releaseAll();
        }
    }

    private void ended(long id, boolean hungUp) {
        conclude(id, hungUp).ifPresent(watch -> call(watch.callback()));
    }

    /**
     * Takes a watch out whose process has ended.
     *
     * @param last nothing more will be known of it
     * @return empty when its status is still to be waited for, or the watch is gone
     */
    private synchronized Optional<Watched> conclude(long id, boolean last) {
        Watched watch = watched.get(id);
        if (watch == null) {
            return Optional.empty();
        }
        boolean learnt = statuses.learn(watch.process(), watch.pidfd());
        if (!learnt && (!last || watch.child())) {
            if (late.putIfAbsent(id, statusPolls) == null) {
                silence(id, watch);
            }
            return Optional.empty();
        }
        drop(id);
        return Optional.of(watch);
    }

    /** An ended process would wake this thread for ever. */
    private void silence(long id, Watched watch) {
        try {
            epoll.awaitHangUp(watch.pidfd().descriptor(), id);
        } catch (CallException e) {
            throw new IllegalStateException("can't wait for " + watch.process() + " any longer", e);
        }
    }

    private void lookAgain() {
        for (long id : lateIds()) {
            ended(id, !hasPatience(id));
        }
    }

    private synchronized List<Long> lateIds() {
        return List.copyOf(late.keySet());
    }

    private synchronized boolean hasPatience(long id) {
        Integer left = late.computeIfPresent(id, (same, polls) -> Math.max(0, polls - 1));
        return left != null && left > 0;
    }

    private synchronized boolean isPolling() {
        return !asked.isEmpty() || !late.isEmpty();
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

    private synchronized void drop(long id) {
        late.remove(id);
        Watched ended = watched.remove(id);
        if (ended == null) {
            return;
        }
        if (!released) {
            epoll.remove(ended.pidfd().descriptor());
        }
        ended.pidfd().close();
    }

    private synchronized void releaseAll() {
        closed = true;
        released = true;
        watched.values().forEach(each -> each.pidfd().close());
        watched.clear();
        late.clear();
        asked.clear();
        due.clear();
        epoll.close();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the watch for ended processes has been closed");
        }
    }

    /** @param child its end is waited for until it can be reaped */
    private record Watched(ProcessRef process, Pidfd pidfd, boolean child, Runnable callback) {}

    private record Asked(BooleanSupplier gone, Runnable callback) {}
}
