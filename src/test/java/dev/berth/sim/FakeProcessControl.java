package dev.berth.sim;

import dev.berth.host.ExitStatus;
import dev.berth.host.ProcessControl;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.ProcessRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Signals on the simulated machine, with the proof that the real one makes, and with the worst of moments. */
final class FakeProcessControl implements ProcessControl {
    private static final Duration NOTICE_DELAY = Duration.ofNanos(90_000);

    private final Machine machine;
    private final BerthProcess berth;
    private final Sight sight;
    private final Seam seam;
    private final List<Watching> watches = new ArrayList<>();
    private final Map<ProcessRef, ExitStatus> statuses = new HashMap<>();
    private final Witness exits = new Witness() {
        @Override
        public void exited(SimProcess process) {
            process.ended.filter(how -> process.launch.isPresent()).ifPresent(how -> statuses.put(process.ref, how));
            for (Watching watching : List.copyOf(watches)) {
                if (watching.process.equals(process.ref)) {
                    notice(watching);
                }
            }
        }
    };

    /** One watch on one process. */
    private final class Watching implements Watch {
        private final ProcessRef process;
        private final Runnable callback;

        Watching(ProcessRef process, Runnable callback) {
            this.process = process;
            this.callback = callback;
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }

    private boolean failing;

    FakeProcessControl(Machine machine, BerthProcess berth, Sight sight, Seam seam) {
        this.machine = machine;
        this.berth = berth;
        this.sight = sight;
        this.seam = seam;
        machine.watch(exits);
    }

    @Override
    public SignalResult signal(ProcessRef process, Set<Long> inodes, Signal signal) {
        return seam.reading(() -> {
            machine.find(process).filter(SimProcess::alive).ifPresent(this::worstMoment);
            return proveAndSend(process, inodes, signal);
        });
    }

    /** What may happen between the last look and the signal. */
    private void worstMoment(SimProcess target) {
        if (berth.protects(target).isPresent()) {
            return;
        }
        if (target.launch.isPresent() && seam.strikes(SimFault.PROCESS_FORKS_BEFORE_SIGNAL)) {
            machine.fork(target);
        }
        if (seam.strikes(SimFault.PID_REUSED_BEFORE_SIGNAL)) {
            machine.replaceUnderSamePid(
                    target,
                    Program.named("newcomer", "/usr/bin/newcomer"),
                    target.uid,
                    seam.chance().of(0.3));
        } else if (seam.strikes(SimFault.ZOMBIE_HOLDER)) {
            machine.exit(target);
        } else if (!target.sockets.isEmpty() && seam.strikes(SimFault.HOLDER_LETS_GO_BEFORE_SIGNAL)) {
            machine.network.closeAll(target);
        }
    }

    /** From now on Berth has no descriptor left to signal by, or has one again. */
    void fail(boolean all) {
        failing = all;
    }

    private SignalResult proveAndSend(ProcessRef ref, Set<Long> inodes, Signal signal) {
        if (ref.pid() <= 0) {
            return new SignalResult.Failed(ref + " names no single process");
        }
        Optional<SimProcess> holderOfPid = machine.byPid(ref.pid());
        if (holderOfPid.isEmpty()) {
            return new SignalResult.Gone();
        }
        SimProcess process = holderOfPid.orElseThrow();
        if (!process.ref.equals(ref)) {
            return new SignalResult.NotTheSame("pid " + ref.pid() + " is now " + process.program.comm());
        }
        Optional<String> rule = berth.protects(process);
        if (rule.isPresent()) {
            return new SignalResult.Protected(rule.orElseThrow());
        }
        if (!process.alive()) {
            return new SignalResult.Gone();
        }
        if (!inodes.isEmpty()) {
            if (!sight.maySee(process)) {
                return new SignalResult.Failed("the descriptors of pid " + ref.pid() + " may not be read");
            }
            if (process.sockets.stream().noneMatch(socket -> inodes.contains(socket.inode))) {
                return new SignalResult.NoLongerHolds();
            }
        }
        if (!berth.maySee(process) || seam.strikes(SimFault.SIGNAL_DENIED)) {
            process.forbidden = true;
            return new SignalResult.Denied("EPERM");
        }
        if (failing || seam.strikes(SimFault.SIGNAL_FAILED)) {
            return new SignalResult.Failed("pidfd_open failed: EMFILE");
        }
        unwilling(process, signal);
        machine.deliver(process, signal, true);
        return new SignalResult.Sent();
    }

    /** Programs that do not do what a signal asks of them. */
    private void unwilling(SimProcess process, Signal signal) {
        if (signal == Signal.SIGKILL) {
            if (seam.strikes(SimFault.SIGKILL_IMMUNE_FOR_A_WHILE)) {
                process.stuckUntil = machine.time.monotonic()
                        + seam.chance().millis(300, 8000).toNanos();
            }
            return;
        }
        switch (process.program.onTerm()) {
            case IGNORE -> seam.faults().reached(SimFault.SIGTERM_IGNORED);
            case FORK_WORKER ->
                seam.faults()
                        .reached(
                                process.launch.isPresent()
                                        ? SimFault.CHILD_FORKED_DURING_STOP
                                        : SimFault.WORKER_FORKED_IN_GRACE);
            case HAND_OVER -> seam.faults().reached(SimFault.HOLDER_REPLACED_IN_GRACE);
            case EXIT -> {
                if (!process.terminating && seam.strikes(SimFault.SIGTERM_IGNORED)) {
                    process.terminating = true;
                }
            }
        }
    }

    @Override
    public Liveness liveness(ProcessRef process) {
        return seam.reading(
                () -> machine.find(process).filter(SimProcess::alive).isPresent() ? Liveness.ALIVE : Liveness.GONE);
    }

    @Override
    public Optional<ExitStatus> exitStatus(ProcessRef process) {
        return seam.reading(() -> seam.strikes(SimFault.EXIT_STATUS_UNKNOWN)
                ? Optional.empty()
                : Optional.ofNullable(statuses.get(process)));
    }

    @Override
    public Watch onExit(ProcessRef process, Runnable callback) {
        return seam.reading(() -> {
            Watching watching = new Watching(process, callback);
            watches.add(watching);
            if (machine.find(process).filter(SimProcess::alive).isEmpty()) {
                notice(watching);
            }
            return watching;
        });
    }

    private void notice(Watching watching) {
        watches.remove(watching);
        if (!seam.strikes(SimFault.EXIT_NOTICE_LOST)) {
            seam.callback(NOTICE_DELAY, watching.callback);
        }
    }

    @Override
    public void close() {
        watches.clear();
        machine.unwatch(exits);
    }
}
