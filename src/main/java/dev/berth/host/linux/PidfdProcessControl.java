package dev.berth.host.linux;

import dev.berth.host.ExitStatus;
import dev.berth.host.ProcessControl;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.host.linux.ProcFiles.Reading;
import dev.berth.model.ProcessRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Signals through pidfds: open one, then read who it is, then signal through it. Had the pid passed on before it was
 * opened, the start time shows it; passes it on later, the pidfd leads nowhere. What remains are two processes of one pid
 * that started within the same clock tick (10 ms). Kernels without pidfds get {@link KillPin}.
 */
public final class PidfdProcessControl implements ProcessControl {
    static final String RULE_INIT = "init";
    static final String RULE_SELF = "self";
    static final String RULE_ANCESTOR = "ancestor";
    static final String RULE_KERNEL_THREAD = "kernel-thread";

    /** Of no use but to {@link #rouse}: other systems number it otherwise. */
    private static final int SIGCONT = 18;

    private final ProcFiles files;
    private final String bootId;
    private final ProcessPin.Pinner pinner;
    private final Runnable beforeSignal;
    private final ExitWatcher exits;
    private final long self = ProcessHandle.current().pid();

    /** @throws IOException when {@code /proc} can't be read, or no descriptor is left */
    public PidfdProcessControl() throws IOException {
        this(new ProcFiles(Path.of("/proc")));
    }

    private PidfdProcessControl(ProcFiles files) throws IOException {
        this(files, Pidfd.isSupported() ? Pidfd::open : KillPin.over(files), () -> {});
    }

    /** @param beforeSignal runs between the last look and the signal, for tests of that very moment */
    PidfdProcessControl(ProcFiles files, ProcessPin.Pinner pinner, Runnable beforeSignal) throws IOException {
        this.files = files;
        this.bootId = files.bootId();
        this.pinner = pinner;
        this.beforeSignal = beforeSignal;
        this.exits = new ExitWatcher(new ExitStatuses(Pidfd.isExitTold(), files));
    }

    @Override
    public SignalResult signal(ProcessRef process, Set<Long> inodes, Signal signal) {
        if (process.pid() < 1) {
            return new SignalResult.Failed(process.pid() + " is not the pid of a process");
        }
        if (!process.bootId().equals(bootId)) {
            return new SignalResult.NotTheSame("the machine was started again since; " + process + " ended then");
        }
        Optional<String> rule = protectedBy(process);
        if (rule.isPresent()) {
            return new SignalResult.Protected(rule.get());
        }
        try (ProcessPin pin = pinner.pin(process.pid())) {
            Optional<SignalResult> objection = objection(process, inodes, pin);
            if (objection.isPresent()) {
                return objection.get();
            }
            beforeSignal.run();
            if (pin.hasEnded()) {
                // A zombie takes signals as if it lived.
                return new SignalResult.Gone();
            }
            pin.send(signal.number());
            rouse(process, signal, pin);
            return new SignalResult.Sent();
        } catch (CallException e) {
            return switch (e.errno()) {
                case Errno.ESRCH -> new SignalResult.Gone();
                case Errno.EPERM ->
                    new SignalResult.Denied("Berth may not signal " + process
                            + "; it belongs to another user or is protected: " + e.getMessage());
                default -> new SignalResult.Failed("could not signal " + process + ": " + e.getMessage());
            };
        }
    }

    /** A suspended process takes SIGKILL and nothing else until it goes on: it would be killed without having heard. */
    private void rouse(ProcessRef process, Signal signal, ProcessPin pin) throws CallException {
        if (signal == Signal.SIGKILL
                || files.stat(process.pid())
                        .found()
                        .filter(ProcStat::isSuspended)
                        .isEmpty()) {
            return;
        }
        try {
            pin.send(SIGCONT);
        } catch (CallException e) {
            if (e.errno() != Errno.ESRCH) {
                throw e;
            }
        }
    }

    /** Why not to signal; empty when the pinned process is the one that is meant and may be signalled. */
    private Optional<SignalResult> objection(ProcessRef process, Set<Long> inodes, ProcessPin pin)
            throws CallException {
        Reading<ProcStat> reading = files.stat(process.pid());
        if (!(reading instanceof Reading.Found<ProcStat> found)) {
            return Optional.of(pin.hasEnded() ? new SignalResult.Gone() : unproven(process, reading));
        }
        ProcStat stat = found.value();
        if (stat.startTicks() != process.startTicks()) {
            return Optional.of(new SignalResult.NotTheSame(
                    process + " is now \"" + stat.comm() + "\", which started at another time"));
        }
        if (stat.isZombie() || pin.hasEnded()) {
            return Optional.of(new SignalResult.Gone());
        }
        if (stat.isKernelThread()) {
            return Optional.of(new SignalResult.Protected(RULE_KERNEL_THREAD));
        }
        return inodes.isEmpty() ? Optional.empty() : holds(process, inodes, pin);
    }

    private Optional<SignalResult> holds(ProcessRef process, Set<Long> inodes, ProcessPin pin) throws CallException {
        Reading<Boolean> holds = files.holdsAny(process.pid(), inodes);
        if (holds instanceof Reading.Found<Boolean> found && found.value()) {
            return Optional.empty();
        }
        if (pin.hasEnded()) {
            return Optional.of(new SignalResult.Gone());
        }
        return Optional.of(
                holds instanceof Reading.Found<Boolean> ? new SignalResult.NoLongerHolds() : unproven(process, holds));
    }

    private static SignalResult unproven(ProcessRef process, Reading<?> reading) {
        String why = reading instanceof Reading.Refused<?> refused
                ? refused.reason()
                : "it is there, but hidden in /proc (hidepid)";
        return new SignalResult.Failed(process + " could not be proven to be the one that is meant: " + why);
    }

    private Optional<String> protectedBy(ProcessRef process) {
        long pid = process.pid();
        if (pid == 1) {
            return Optional.of(RULE_INIT);
        }
        if (pid == self) {
            return Optional.of(RULE_SELF);
        }
        // Read each time: when a parent ends, the next one up takes its place. But whoever started later is above
        // nobody
        // who was there before, and that he did is proven before he is signalled.
        boolean ancestor = files.stat(self).found().stream()
                .filter(own -> process.startTicks() <= own.startTicks())
                .flatMap(stat -> files.ancestors(stat).stream())
                .anyMatch(each -> each.pid() == pid);
        return ancestor ? Optional.of(RULE_ANCESTOR) : Optional.empty();
    }

    @Override
    public Liveness liveness(ProcessRef process) {
        if (process.pid() < 1 || !process.bootId().equals(bootId)) {
            return Liveness.GONE;
        }
        Reading<ProcStat> reading = files.stat(process.pid());
        if (reading instanceof Reading.Found<ProcStat> found) {
            ProcStat stat = found.value();
            return stat.startTicks() == process.startTicks() && !stat.isZombie() ? Liveness.ALIVE : Liveness.GONE;
        }
        return reading instanceof Reading.Gone<ProcStat> && hasNobody(process.pid()) ? Liveness.GONE : Liveness.UNKNOWN;
    }

    /** With hidepid, {@code /proc} lacks processes that are there. */
    private boolean hasNobody(long pid) {
        try (ProcessPin pin = pinner.pin(pid)) {
            return pin.hasEnded();
        } catch (CallException e) {
            return e.errno() == Errno.ESRCH;
        }
    }

    /** A process whose identity can't be read is watched all the same: the callback may then come late, never early. */
    @Override
    public Watch onExit(ProcessRef process, Runnable callback) {
        AtomicBoolean open = new AtomicBoolean(true);
        Runnable once = () -> {
            if (open.getAndSet(false)) {
                callback.run();
            }
        };
        Runnable end = watch(process, once);
        return () -> {
            open.set(false);
            end.run();
        };
    }

    private Runnable watch(ProcessRef process, Runnable callback) {
        Optional<Pidfd> pidfd = pidfd(process.pid());
        // Only now: the pidfd is of this process if the process still runs.
        Liveness now = liveness(process);
        if (now == Liveness.GONE) {
            pidfd.ifPresent(Pidfd::close);
            exits.runSoon(callback);
            return () -> {};
        }
        if (pidfd.isPresent()) {
            try {
                if (now == Liveness.ALIVE) {
                    return exits.watch(process, pidfd.get(), callback);
                }
            } catch (CallException e) {
                // The kernel's limit of watches per user: asking needs none.
            }
            // Nor is another process' end to be taken for its own where it can't be proven which one the pidfd is of.
            pidfd.get().close();
        }
        return exits.ask(() -> liveness(process) == Liveness.GONE, callback);
    }

    /** Empty where there is none to be had: an old kernel, no process, no descriptor left. */
    private Optional<Pidfd> pidfd(long pid) {
        try {
            ProcessPin pin = pinner.pin(pid);
            if (pin instanceof Pidfd pidfd) {
                return Optional.of(pidfd);
            }
            pin.close();
            return Optional.empty();
        } catch (CallException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<ExitStatus> exitStatus(ProcessRef process) {
        return exits.exitStatus(process);
    }

    /** Reaps a process that Berth has just started, so that its status is known and no zombie stays. Takes the pidfd over. */
    void adopt(ProcessRef child, Pidfd pidfd) {
        exits.adopt(child, pidfd);
    }

    @Override
    public void close() {
        exits.close();
    }
}
