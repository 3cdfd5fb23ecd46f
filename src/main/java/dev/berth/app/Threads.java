package dev.berth.app;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;

/** Threads with a name that says whose they are, and that never keep the daemon from ending. */
final class Threads {
    private Threads() {}

    static ThreadFactory named(String name) {
        AtomicLong number = new AtomicLong();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** One thread, for what must happen in order. */
    static ExecutorService one(String name) {
        return Executors.newSingleThreadExecutor(named(name));
    }

    /** One thread for what comes again and again. What it is given after its end is of no use to anybody. */
    static ScheduledThreadPoolExecutor scheduled(String name) {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(1, named(name), new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }
}
