package dev.berth.sim;

import dev.berth.host.Signal;
import dev.berth.model.Blockage;
import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import dev.berth.sim.Program.Endpoint;
import dev.berth.sim.Program.OnTerm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Everybody else on the machine: people and programs that start, stop and take ports as they like. */
final class World implements Witness {
    static final int FIRST_PORT = 8000;
    static final int LAST_PORT = 8013;
    static final int PRIVILEGED_PORT = 80;
    /** Command lines that services' patterns match are called this, with a number. */
    static final String SERVICE_PROGRAM = "svc-";

    static final int SERVICE_PROGRAMS = 4;
    private static final int MOST_PROCESSES = 45;
    private static final int MOST_SOCKETS = 24;

    private final Machine machine;
    private final Chance chance;
    private final Faults faults;
    final SimProcess terminal;
    private final SimProcess otherTerminal;
    private final Set<SimProcess> signalledByBerth = new LinkedHashSet<>();

    World(Machine machine, Chance chance, Faults faults) {
        this.machine = machine;
        this.chance = chance;
        this.faults = faults;
        machine.kernelThread("kworker/0:1");
        Origin system = Origin.of(HolderKind.SYSTEM);
        SimProcess sshd =
                machine.start(Program.named("sshd", "/usr/sbin/sshd", "-D").from(system), Users.ROOT, machine.init);
        machine.start(Program.named("dockerd", "/usr/bin/dockerd").from(system), Users.ROOT, machine.init);
        this.terminal = machine.start(Program.named("bash", "-bash"), Users.DEV, sshd);
        this.otherTerminal = machine.start(Program.named("bash", "-bash"), Users.EVE, sshd);
        machine.watch(this);
    }

    int port() {
        return chance.of(0.02) ? PRIVILEGED_PORT : chance.between(FIRST_PORT, LAST_PORT);
    }

    /** Something happens that nobody asked Berth about. */
    void happens() {
        int what = chance.between(0, 99);
        if (what < 45) {
            if (machine.processes().size() < MOST_PROCESSES
                    && machine.network.sockets().size() < MOST_SOCKETS) {
                startSomething();
            } else {
                stopSomething();
            }
        } else if (what < 75) {
            stopSomething();
        } else if (what < 80) {
            block();
        } else if (what < 82) {
            machine.network.openOwnerless(endpoint());
        } else if (what < 86) {
            closeOwnerless();
        } else if (what < 90) {
            shareASocket();
        } else if (what < 93) {
            swapUnderOnePid();
        } else if (what < 95) {
            install();
        } else {
            startServiceProgram();
        }
    }

    private Endpoint endpoint() {
        Protocol protocol = chance.of(0.1) ? Protocol.UDP : Protocol.TCP;
        String address = chance.pick("127.0.0.1", "127.0.0.1", "127.0.0.1", "0.0.0.0", "::", "::", "::1", "10.0.0.5");
        return new Endpoint(protocol, address, port(), chance.of(0.3), chance.of(0.1));
    }

    private void startSomething() {
        long uid = chance.pick(Users.DEV, Users.DEV, Users.DEV, Users.EVE, Users.ROOT);
        SimProcess parent = chance.of(0.5) ? machine.init : uid == Users.EVE ? otherTerminal : terminal;
        if (uid == Users.ROOT) {
            parent = machine.init;
        }
        machine.start(program(), uid, parent);
    }

    private Program program() {
        String name = "app" + chance.between(1, 6);
        Program plain = Program.named(name, "/usr/bin/" + name, "--serve").listening(endpoint());
        Duration slow = chance.millis(20, 9000);
        return switch (chance.between(0, 18)) {
            case 0 -> plain.withWorkers(chance.between(1, 3));
            case 1 -> plain.onTerm(OnTerm.IGNORE, Duration.ZERO);
            case 2 -> plain.onTerm(OnTerm.EXIT, slow);
            case 3 -> plain.onTerm(OnTerm.FORK_WORKER, chance.millis(5, 500));
            case 4 -> plain.onTerm(OnTerm.HAND_OVER, chance.millis(1, 800));
            case 5 -> Program.named("supervisord").supervising(plain, chance.millis(50, 2500));
            case 6 -> Program.named("bash", "bash", "loop.sh").supervising(plain, chance.millis(20, 4000));
            case 7 -> plain.daemonizing();
            case 8 -> plain.moving();
            case 9 -> plain.listening(endpoint(), endpoint());
            case 10, 16, 17 -> plain.from(unit(name));
            case 11, 18 -> plain.from(container());
            case 12 -> plain.from(Origin.of(HolderKind.SYSTEM));
            case 13 -> Program.named("postgres", "postgres", "-D", "data").listening(endpoint());
            case 14 -> Program.named("sshd", "sshd: dev").listening(endpoint());
            default -> plain;
        };
    }

    private static Origin unit(String name) {
        return new Origin(
                HolderKind.UNIT,
                Optional.of(name + ".service"),
                false,
                Optional.empty(),
                Optional.of("systemd"),
                Optional.of("cgroup /system.slice/" + name + ".service"));
    }

    private Origin container() {
        return new Origin(
                HolderKind.CONTAINER,
                Optional.empty(),
                false,
                Optional.of("c" + chance.between(1, 3)),
                Optional.of("dockerd"),
                Optional.empty());
    }

    /** A person starts what some service's patterns speak of. */
    private void startServiceProgram() {
        String name = SERVICE_PROGRAM + chance.between(1, SERVICE_PROGRAMS);
        machine.start(
                Program.named(name, "/usr/bin/node", name + ".js").listening(Endpoint.tcp(port())),
                chance.pick(Users.DEV, Users.DEV, Users.EVE),
                machine.init);
    }

    private List<SimProcess> mortals() {
        List<SimProcess> found = new ArrayList<>();
        for (SimProcess process : machine.processes()) {
            boolean furniture = process == machine.init
                    || process.kernelThread
                    || process == terminal
                    || process == otherTerminal
                    || process.program.comm().equals("java")
                    || process.program.comm().equals("dockerd")
                    || (process.program.comm().equals("sshd") && process.sockets.isEmpty());
            if (process.alive() && !furniture) {
                found.add(process);
            }
        }
        return found;
    }

    /** One of the programs that come and go; a new one when there is none. */
    SimProcess somebody() {
        List<SimProcess> mortals = mortals();
        return mortals.isEmpty() ? machine.start(Program.named("idle"), Users.DEV, machine.init) : chance.pick(mortals);
    }

    private void stopSomething() {
        List<SimProcess> mortals = mortals();
        if (!mortals.isEmpty()) {
            SimProcess process = chance.pick(mortals);
            machine.deliver(process, chance.of(0.5) ? Signal.SIGKILL : Signal.SIGTERM, false);
        }
    }

    private void swapUnderOnePid() {
        List<SimProcess> mortals = mortals();
        if (!mortals.isEmpty()) {
            SimProcess old = chance.pick(mortals);
            machine.replaceUnderSamePid(
                    old, Program.named("other", "/usr/bin/other"), chance.pick(Users.DEV, Users.EVE), chance.of(0.5));
        }
    }

    /** A program goes, or comes back. */
    private void install() {
        if (machine.missing.isEmpty() && faults.allowed(SimFault.PROGRAM_MISSING)) {
            ServicePrograms some = chance.pick(ServicePrograms.values());
            machine.missing.add(ServicePrograms.word(some.command(0)));
        } else {
            machine.missing.clear();
        }
    }

    private void shareASocket() {
        List<SimProcess> mortals = mortals();
        if (!mortals.isEmpty() && machine.processes().size() < MOST_PROCESSES) {
            machine.fork(chance.pick(mortals));
        }
    }

    private void closeOwnerless() {
        machine.network.sockets().stream()
                .filter(socket -> socket.ownerless)
                .findFirst()
                .ifPresent(machine.network::destroy);
    }

    private void block() {
        PortKey port = PortKey.tcp(port());
        int which = chance.between(0, 2);
        SimFault fault = switch (which) {
            case 0 -> SimFault.TIME_WAIT;
            case 1 -> SimFault.OUTGOING_CONNECTION;
            default -> SimFault.BOUND_NOT_LISTENING;
        };
        if (!faults.allowed(fault)) {
            return;
        }
        faults.reached(fault);
        switch (which) {
            case 0 -> machine.network.block(port, Blockage.Cause.TIME_WAIT, chance.millis(1000, 60_000));
            case 1 -> machine.network.block(port, Blockage.Cause.OUTGOING_CONNECTION, chance.millis(500, 60_000));
            default ->
                machine.network.open(
                        machine.start(Program.named("holder"), Users.DEV, machine.init),
                        Endpoint.tcp(port.port()),
                        false);
        }
    }

    @Override
    public void signalled(SimProcess process, Signal signal, boolean byBerth) {
        if (byBerth) {
            signalledByBerth.add(process);
        }
    }

    @Override
    public void spawned(SimProcess process) {
        boolean again = process.parent
                .filter(parent -> parent.program
                        .supervised()
                        .filter(process.program::equals)
                        .isPresent())
                .isPresent();
        if (again && signalledByBerth.stream().anyMatch(old -> old.program == process.program)) {
            faults.reached(SimFault.SUPERVISOR_RESPAWN);
        }
    }

    /** Where Berth has made room somebody may be quicker than the one it was made for. */
    @Override
    public void destroyed(SimSocket socket) {
        boolean freed = signalledByBerth.stream().anyMatch(process -> !process.alive());
        signalledByBerth.removeIf(process -> process.state == SimProcess.State.REAPED);
        if (freed && faults.strikes(SimFault.FREED_PORT_TAKEN_AT_ONCE)) {
            Endpoint same = new Endpoint(socket.protocol, socket.address, socket.port, false, false);
            machine.time.after(
                    Duration.ofNanos(50_000),
                    () -> machine.start(Program.named("vulture").listening(same), Users.DEV, machine.init));
        }
    }

    /** Ends what would keep a good machine busy: programs that never come to rest, ports that are blocked for a while. */
    void calm() {
        machine.network.unblockAll();
        machine.missing.clear();
        for (SimProcess process : List.copyOf(machine.processes())) {
            process.stuckUntil = 0;
            if (process.alive() && process.killPending) {
                machine.exit(process);
            }
        }
    }
}
