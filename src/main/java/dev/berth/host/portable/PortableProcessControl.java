package dev.berth.host.portable;

import dev.berth.host.ProcessControl;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.ProcessRef;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import oshi.SystemInfo;

/**
 * Signals through the JDK, which can SIGTERM and SIGKILL only. The proof is weaker than a pidfd's: the JDK compares the start time
 * right before kill(2), and between those two instructions the pid could pass on. Sockets can't be proven here. The end
 * of a process is noticed by asking.
 */
public final class PortableProcessControl implements ProcessControl {
    /** How often a watched process is asked for: below what a person notices; a look costs some 100 µs. */
    private static final long POLL_MILLIS = 25;

    private final PortableProcesses processes;
    private final Runnable beforeSignal;
    private final ScheduledExecutorService poller = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "berth-exit-watch");
        thread.setDaemon(true);
        return thread;
    });

    public PortableProcessControl() {
        this(new PortableProcesses(new SystemInfo().getOperatingSystem()), () -> {});
    }

    /** @param beforeSignal runs between the last look and the signal, for tests of that very moment */
    PortableProcessControl(PortableProcesses processes, Runnable beforeSignal) {
        this.processes = processes;
        this.beforeSignal = beforeSignal;
    }

    @Override
    public SignalResult signal(ProcessRef process, Set<Long> inodes, Signal signal) {
        long pid = process.pid();
        if (pid < 1) {
            return new SignalResult.Failed(pid + " is not the pid of a process");
        }
        if (!process.bootId().equals(PortableProcesses.EPOCH)) {
            return new SignalResult.NotTheSame(
                    process + " was seen by another observer, before the machine started again");
        }
        Optional<String> rule = protectedBy(pid);
        if (rule.isPresent()) {
            return new SignalResult.Protected(rule.get());
        }
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (handle.isEmpty()) {
            return new SignalResult.Gone();
        }
        Optional<ProcessRef> now = PortableProcesses.ref(handle.get());
        if (now.isEmpty()) {
            return new SignalResult.Failed(process + " could not be proven to be the one that is meant: no start time");
        }
        if (!now.get().equals(process)) {
            return new SignalResult.NotTheSame(process + " belongs to a process that started at another time");
        }
        if (processes.isZombie(pid)) {
            return new SignalResult.Gone();
        }
        if (processes.isKernelThread(pid)) {
            return new SignalResult.Protected("kernel-thread");
        }
        if (!inodes.isEmpty()) {
            return new SignalResult.Failed(
                    "this system does not tell which process holds which socket; nothing was proven");
        }
        return send(handle.get(), process, signal);
    }

    private SignalResult send(ProcessHandle handle, ProcessRef process, Signal signal) {
        if (signal != Signal.SIGTERM && signal != Signal.SIGKILL) {
            return new SignalResult.Failed("only SIGTERM and SIGKILL can be sent here, not " + signal);
        }
        beforeSignal.run();
        boolean sent = signal == Signal.SIGKILL ? handle.destroyForcibly() : handle.destroy();
        if (sent) {
            return new SignalResult.Sent();
        }
        return liveness(process) == Liveness.GONE
                ? new SignalResult.Gone()
                : new SignalResult.Denied(
                        "Berth may not signal " + process + "; it belongs to another user or is protected");
    }

    private static Optional<String> protectedBy(long pid) {
        ProcessHandle self = ProcessHandle.current();
        if (pid == 1) {
            return Optional.of("init");
        }
        if (pid == self.pid()) {
            return Optional.of("self");
        }
        boolean ancestor = Stream.iterate(
                        self.parent(), Optional::isPresent, each -> each.flatMap(ProcessHandle::parent))
                .flatMap(Optional::stream)
                .anyMatch(each -> each.pid() == pid);
        return ancestor ? Optional.of("ancestor") : Optional.empty();
    }

    @Override
    public Liveness liveness(ProcessRef process) {
        if (process.pid() < 1 || !process.bootId().equals(PortableProcesses.EPOCH)) {
            return Liveness.GONE;
        }
        Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
        if (handle.isEmpty()) {
            return Liveness.GONE;
        }
        Optional<ProcessRef> now = PortableProcesses.ref(handle.get());
        if (now.isEmpty()) {
            return ProcessHandle.of(process.pid()).isPresent() ? Liveness.UNKNOWN : Liveness.GONE;
        }
        return now.get().equals(process) && !processes.isZombie(process.pid()) ? Liveness.ALIVE : Liveness.GONE;
    }

    @Override
    public Watch onExit(ProcessRef process, Runnable callback) {
        AtomicBoolean open = new AtomicBoolean(true);
        ScheduledFuture<?> asking = poller.scheduleWithFixedDelay(
                () -> {
                    if (liveness(process) == Liveness.GONE && open.getAndSet(false)) {
                        call(callback);
                        throw new Done();
                    }
                },
                0,
                POLL_MILLIS,
                TimeUnit.MILLISECONDS);
        return () -> {
            open.set(false);
            asking.cancel(false);
        };
    }

    /** One callback's fault is reported as any thread's would be, and must not cost the others theirs. */
    private static void call(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    @Override
    public void close() {
        poller.shutdownNow();
    }

    /** Ends a repeated task, as the executor wants it. */
    private static final class Done extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Done() {
            super("the process has ended", null, false, false);
        }
    }
}
