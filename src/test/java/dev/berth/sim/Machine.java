package dev.berth.sim;

import dev.berth.host.ExitStatus;
import dev.berth.host.Signal;
import dev.berth.model.ProcessRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The simulated machine: processes with pids that wrap and are used again, signals, parents, zombies. What programs do
 * with all that is in {@link Behaviour}.
 */
final class Machine {
    static final String BOOT_ID = "5e1f0000-0000-4000-8000-000000000001";
    /** Small, so that pids wrap within seconds. */
    private static final long PID_LIMIT = 400;

    private static final long FIRST_PID_AFTER_WRAP = 30;
    private static final Duration TICK = Duration.ofMillis(10);
    private static final ExitStatus DONE = new ExitStatus.Returned(0);
    private static final ExitStatus KILLED = new ExitStatus.Signalled(9);

    final VirtualTime time;
    final Network network;
    final SimProcess init;
    final SimProcess kthread;
    private final List<Witness> witnesses = new ArrayList<>();
    private final TreeMap<Long, SimProcess> byPid = new TreeMap<>();
    private final TreeMap<Long, Long> lastTicks = new TreeMap<>();
    private final Behaviour behaviour;
    private final Map<String, String> said = new TreeMap<>();
    /** Programs that are not installed now: what runs of them runs on. */
    final Set<String> missing = new TreeSet<>();

    /** Programs whose start waits for something that comes by itself. */
    final Set<String> waiting = new TreeSet<>();

    private long nextPid = 1;
    private long ancestryVersion;

    Machine(VirtualTime time, Chance chance) {
        this.time = time;
        this.network = new Network(time, witnesses);
        this.behaviour = new Behaviour(this, chance);
        this.init = add(Program.named("systemd", "/sbin/init"), 0, Optional.empty(), Optional.empty(), false);
        this.kthread = add(Program.named("kthreadd"), 0, Optional.empty(), Optional.empty(), true);
    }

    /** Comes before those that were added earlier are told. */
    void watch(Witness witness) {
        witnesses.add(witness);
    }

    void unwatch(Witness witness) {
        witnesses.remove(witness);
    }

    Collection<SimProcess> processes() {
        return byPid.values();
    }

    Optional<SimProcess> byPid(long pid) {
        return Optional.ofNullable(byPid.get(pid));
    }

    /** The process of exactly this identity, zombie or not. */
    Optional<SimProcess> find(ProcessRef ref) {
        return byPid(ref.pid()).filter(process -> process.ref.equals(ref));
    }

    /** Grows when somebody's ancestors may have changed. */
    long ancestryVersion() {
        return ancestryVersion;
    }

    /** Starts a program; it does what programs do, from the next moment on. */
    SimProcess start(Program program, long uid, SimProcess parent) {
        return start(program, uid, parent, Optional.empty());
    }

    SimProcess start(Program program, long uid, SimProcess parent, Optional<String> marker) {
        SimProcess process = add(program, uid, Optional.of(parent), marker, false);
        behaviour.started(process);
        return process;
    }

    /** Starts a program in a session of its own, as Berth does. */
    SimProcess launch(Program program, long uid, Optional<String> marker, Optional<String> launch) {
        SimProcess process = add(program, uid, Optional.of(init), marker, false);
        process.ownSession();
        process.launch = launch;
        marker.ifPresent(whose -> said.put(whose, ""));
        launch.ifPresent(id -> witnesses.forEach(witness -> witness.launched(process, marker, id)));
        behaviour.started(process);
        return process;
    }

    /** Starts a program in the place of one that has just gone, with everything that it would have inherited. */
    SimProcess heir(SimProcess before, Program program, SimProcess parent) {
        SimProcess process = add(program, before.uid, Optional.of(parent), before.marker, false);
        process.session = before.session;
        process.sessionMaker = before.sessionMaker;
        process.launch = before.launch;
        process.forbidden = before.forbidden;
        behaviour.started(process);
        return process;
    }

    /** A bare copy of a process that shares its sockets and does nothing by itself. */
    SimProcess fork(SimProcess process) {
        SimProcess child = add(process.program, process.uid, Optional.of(process), process.marker, false);
        child.origin = process.origin;
        child.forbidden = process.forbidden;
        List.copyOf(process.sockets).forEach(socket -> network.share(socket, child));
        return child;
    }

    /** A thread of the kernel. */
    SimProcess kernelThread(String name) {
        return add(Program.named(name), 0, Optional.of(kthread), Optional.empty(), true);
    }

    private SimProcess add(
            Program program, long uid, Optional<SimProcess> parent, Optional<String> marker, boolean kernelThread) {
        return add(freePid(), program, uid, parent, marker, kernelThread);
    }

    private SimProcess add(
            long pid,
            Program program,
            long uid,
            Optional<SimProcess> parent,
            Optional<String> marker,
            boolean kernelThread) {
        long ticks = Math.max(
                time.monotonic() / TICK.toNanos(),
                Optional.ofNullable(lastTicks.get(pid)).map(last -> last + 1).orElse(0L));
        lastTicks.put(pid, ticks);
        SimProcess process = new SimProcess(
                new ProcessRef(pid, ticks, BOOT_ID),
                uid,
                program,
                parent,
                marker.or(() -> parent.flatMap(above -> above.marker)),
                kernelThread);
        byPid.put(pid, process);
        process.session = parent.map(above -> above.session).orElse(pid);
        process.sessionMaker = parent.flatMap(above -> above.sessionMaker);
        process.launch = parent.flatMap(above -> above.launch);
        parent.ifPresent(above -> above.children.add(process));
        witnesses.forEach(witness -> witness.spawned(process));
        return process;
    }

    private long freePid() {
        while (byPid.containsKey(nextPid) || isSession(nextPid)) {
            nextPid = nextPid >= PID_LIMIT ? FIRST_PID_AFTER_WRAP : nextPid + 1;
        }
        return nextPid;
    }

    /** The kernel gives no number away that a session still has. */
    private boolean isSession(long pid) {
        return byPid.values().stream().anyMatch(process -> process.session == pid);
    }

    /**
     * Makes a process vanish and gives its pid to a newcomer at once: what a busy machine does in the worst moment.
     *
     * @return the newcomer, which holds what {@code keepsSockets} says of the old one's ports
     */
    SimProcess replaceUnderSamePid(SimProcess old, Program newcomer, long uid, boolean keepsSockets) {
        List<SimSocket> sockets = List.copyOf(old.sockets);
        end(old, true);
        long pid = isSession(old.pid()) ? freePid() : old.pid();
        SimProcess process = add(pid, newcomer, uid, Optional.of(init), Optional.empty(), false);
        process.ownSession();
        if (keepsSockets) {
            for (SimSocket socket : sockets) {
                network.open(
                        process,
                        new Program.Endpoint(socket.protocol, socket.address, socket.port, false, socket.reusePort),
                        true);
            }
        }
        return process;
    }

    /** Delivers a signal, with the effect that the program and its state give it. */
    void deliver(SimProcess process, Signal signal, boolean byBerth) {
        witnesses.forEach(witness -> witness.signalled(process, signal, byBerth));
        if (!process.alive() || process == init || process.kernelThread) {
            return;
        }
        if (signal == Signal.SIGKILL) {
            if (process.stuckUntil > time.monotonic()) {
                process.killPending = true;
                time.after(Duration.ofNanos(process.stuckUntil - time.monotonic()), () -> exit(process, KILLED));
            } else {
                exit(process, KILLED);
            }
        } else {
            behaviour.terminate(process);
        }
    }

    /** The process ends; a zombie remains until its parent has taken note. */
    void exit(SimProcess process) {
        exit(process, DONE);
    }

    /** As {@link #exit(SimProcess)}, in a way of its own. */
    void exit(SimProcess process, ExitStatus how) {
        if (process.alive()) {
            process.ended = Optional.of(how);
        }
        end(process, false);
    }

    /** Writes to where its output goes. */
    void say(SimProcess process, String line) {
        process.marker.ifPresent(whose -> said.put(whose, line));
    }

    /** The last line that the service with this marker wrote since it was started. */
    Optional<String> lastSaid(String marker) {
        return Optional.ofNullable(said.get(marker)).filter(line -> !line.isEmpty());
    }

    /** Ends without a trace, as with a parent that waits for it at once. */
    void vanish(SimProcess process) {
        end(process, true);
    }

    private void end(SimProcess process, boolean reapAtOnce) {
        if (!process.alive()) {
            return;
        }
        process.state = SimProcess.State.ZOMBIE;
        network.closeAll(process);
        network.touch();
        for (SimProcess child : List.copyOf(process.children)) {
            child.parent = Optional.of(init);
            init.children.add(child);
            if (child.state == SimProcess.State.ZOMBIE) {
                reap(child);
            }
        }
        process.children.clear();
        ancestryVersion++;
        witnesses.forEach(witness -> witness.exited(process));
        if (reapAtOnce) {
            reap(process);
        }
        behaviour.ended(process);
    }

    /** The parent has taken note; from now on the pid may belong to somebody else. */
    void reap(SimProcess process) {
        if (process.state == SimProcess.State.ZOMBIE) {
            process.state = SimProcess.State.REAPED;
            byPid.remove(process.pid());
            process.parent.ifPresent(parent -> parent.children.remove(process));
        }
    }
}
