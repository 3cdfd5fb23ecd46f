package dev.berth.sim;

import dev.berth.host.ExitStatus;
import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.model.ProcessRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A process of the simulated machine. */
final class SimProcess {
    final ProcessRef ref;
    final long uid;
    final Program program;
    final boolean kernelThread;
    final Optional<String> marker;
    /** Which start by Berth it belongs to. */
    Optional<String> launch = Optional.empty();

    long session;
    /** Who made its session; absent where it was never asked. */
    Optional<SimProcess> sessionMaker = Optional.empty();

    /** Who forked it, however it is adopted later. */
    final Optional<SimProcess> bornOf;

    /** Berth was told that it may not signal this one. */
    boolean forbidden;

    /** How it ended. */
    Optional<ExitStatus> ended = Optional.empty();

    final List<SimSocket> sockets = new ArrayList<>();
    final List<SimProcess> children = new ArrayList<>();
    /** Absent for init and the kernel's own only. */
    Optional<SimProcess> parent;

    Origin origin;
    State state = State.RUNNING;
    /** Uninterruptible until then (D state): SIGKILL waits; monotonic nanoseconds. */
    long stuckUntil;

    boolean killPending;
    boolean terminating;
    /** This process was told to go by whoever started it; its supervisor leaves it down. */
    boolean stoppedByOwner;

    /** As in the third field of stat. */
    enum State {
        RUNNING,
        ZOMBIE,
        REAPED
    }

    SimProcess(
            ProcessRef ref,
            long uid,
            Program program,
            Optional<SimProcess> parent,
            Optional<String> marker,
            boolean kernelThread) {
        this.ref = ref;
        this.uid = uid;
        this.program = program;
        this.parent = parent;
        this.bornOf = parent;
        this.marker = marker;
        this.kernelThread = kernelThread;
        this.origin = program.origin();
    }

    boolean alive() {
        return state == State.RUNNING;
    }

    long pid() {
        return ref.pid();
    }

    String command() {
        return String.join(" ", program.commandLine());
    }

    boolean descendsFrom(SimProcess other) {
        for (Optional<SimProcess> up = parent; up.isPresent(); up = up.orElseThrow().parent) {
            if (up.orElseThrow() == other) {
                return true;
            }
        }
        return false;
    }

    /** Makes a session of its own, as {@code setsid} does. */
    void ownSession() {
        session = pid();
        sessionMaker = Optional.of(this);
    }

    /** Was it forked by this one, or by one that this one forked, whatever became of them? */
    boolean isBornBelow(ProcessRef above) {
        for (Optional<SimProcess> up = bornOf; up.isPresent(); up = up.orElseThrow().bornOf) {
            if (up.orElseThrow().ref.equals(above)) {
                return true;
            }
        }
        return false;
    }

    static Origin supervisedBy(SimProcess supervisor) {
        return new Origin(
                HolderKind.SUPERVISED,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.of(supervisor.program.comm() + " (pid " + supervisor.pid() + ")"),
                Optional.of("ancestor " + supervisor.program.comm()));
    }

    @Override
    public String toString() {
        return program.comm() + "[" + ref.pid() + "@" + ref.startTicks() + " uid " + uid + "]";
    }
}
