package dev.berth.api;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Lets part of a call be done on another thread while the call goes on. Where no thread is to be had, or too many are busy so,
 * the caller does it himself when he needs it. Safe for use by many threads.
 */
public final class Beside {
    /** What is abandoned may hang for a while, in a look at somebody's files: this many threads at most, whoever calls. */
    static final int MOST_AT_ONCE = 8;

    private final Executor executor;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    public Beside(Executor executor) {
        this.executor = executor;
    }

    /**
     * Begins the work, if it can.
     *
     * @param work is told whether it has become pointless: then it is to end soon, with any result
     */
    <T> Work<T> begin(Function<BooleanSupplier, T> work) {
        Work<T> begun = new Work<>(work);
        if (places.tryAcquire()) {
            try {
                executor.execute(() -> {
                    try {
                        begun.task.run();
                    } finally {
                        places.release();
                    }
                });
            } catch (RejectedExecutionException | OutOfMemoryError none) {
                // Java's word for a system that gives no more threads.
                places.release();
            }
        }
        return begun;
    }

    /** Closing it makes it pointless. */
    static final class Work<T> implements AutoCloseable {
        private final AtomicBoolean closed = new AtomicBoolean();
        private final FutureTask<T> task;

        private Work(Function<BooleanSupplier, T> work) {
            task = new FutureTask<>(() -> work.apply(closed::get));
        }

        /** The result; waits for it, or makes it on the calling thread where nobody has begun to. */
        T get() {
            task.run();
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        return task.get();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("part of a call broke off, which is a fault of Berth", e.getCause());
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }
}
