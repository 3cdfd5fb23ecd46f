package dev.berth.metrics;

import dev.berth.host.ExitStatus;
import dev.berth.host.ProcessControl;
import dev.berth.host.Signal;
import dev.berth.host.SignalResult;
import dev.berth.model.ProcessRef;
import java.util.Optional;
import java.util.Set;

/** One whose signals are counted. */
public final class MeteredProcessControl implements ProcessControl {
    private final ProcessControl real;
    private final Events events;

    public MeteredProcessControl(ProcessControl real, Events events) {
        this.real = real;
        this.events = events;
    }

    @Override
    public SignalResult signal(ProcessRef process, Set<Long> inodes, Signal signal) {
        SignalResult result = real.signal(process, inodes, signal);
        events.signalled(signal, result);
        return result;
    }

    @Override
    public Liveness liveness(ProcessRef process) {
        return real.liveness(process);
    }

    @Override
    public Watch onExit(ProcessRef process, Runnable callback) {
        return real.onExit(process, callback);
    }

    @Override
    public Optional<ExitStatus> exitStatus(ProcessRef process) {
        return real.exitStatus(process);
    }

    @Override
    public void close() {
        real.close();
    }
}
