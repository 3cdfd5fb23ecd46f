package dev.berth.sim;

import dev.berth.host.ExitStatus;
import dev.berth.host.PortHold;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What programs do of themselves: bind, fork, go into the background, take SIGTERM, start their children again. */
final class Behaviour {
    /** How many ports above the wanted one a program tries that moves. */
    private static final int PORTS_TRIED = 3;

    /** Those whose habit of restarting their children can be told from their name. */
    private static final Set<String> KNOWN_SUPERVISORS = Set.of("supervisord", "pm2");

    private static final Duration FORK = Duration.ofMillis(2);
    private static final Duration WORKER_LINGERS = Duration.ofMillis(400);
    private static final Duration ORDINARY_REAP = Duration.ofMillis(1);
    private static final Duration LAZY_REAP = Duration.ofSeconds(3);

    private static final double LAZY_PARENTS = 0.1;

    private final Machine machine;
    private final Chance chance;

    Behaviour(Machine machine, Chance chance) {
        this.machine = machine;
        this.chance = chance;
    }

    void started(SimProcess process) {
        Program.Habits habits = process.program.habits();
        habits.endsAfter()
                .ifPresent(span -> machine.time.after(
                        span, () -> machine.exit(process, new ExitStatus.Returned(habits.status()))));
        if (habits.listensAfter().isZero()) {
            listen(process);
        } else if (process.program.daemonizes()) {
            machine.time.after(FORK, () -> {
                if (process.alive()) {
                    SimProcess child = background(process);
                    machine.time.after(habits.listensAfter(), () -> bindAll(child));
                }
            });
        } else {
            machine.time.after(habits.listensAfter(), () -> {
                if (process.alive()) {
                    listen(process);
                }
            });
        }
    }

    /** Forks into the background: the parent ends at once, the child has a session of its own. */
    private SimProcess background(SimProcess process) {
        SimProcess child = machine.fork(process);
        child.ownSession();
        machine.exit(process);
        return child;
    }

    private boolean bindAll(SimProcess process) {
        for (Program.Endpoint endpoint : process.program.endpoints()) {
            if (process.alive() && bind(process, endpoint).isEmpty()) {
                machine.say(process, refusal(process, endpoint));
                machine.time.after(FORK, () -> machine.exit(process, new ExitStatus.Returned(1)));
                return false;
            }
        }
        return true;
    }

    private String refusal(SimProcess process, Program.Endpoint endpoint) {
        return switch (machine.network.attempt(endpoint, process.uid, true)) {
            case NO_SUCH_ADDRESS -> "Error: listen EADDRNOTAVAIL: address not available " + endpoint.address();
            case DENIED -> "Error: listen EACCES: permission denied :" + endpoint.port();
            default -> "Error: listen EADDRINUSE: address already in use " + endpoint.address() + ":" + endpoint.port();
        };
    }

    /** A grandchild that nobody's session or parents tell of any more. */
    private void scatter(SimProcess process) {
        SimProcess middle = machine.fork(process);
        SimProcess grandchild = machine.fork(middle);
        grandchild.ownSession();
        machine.exit(middle);
    }

    private void listen(SimProcess process) {
        Program program = process.program;
        if (!bindAll(process)) {
            return;
        }
        if (program.habits().scatters()) {
            scatter(process);
        }
        for (int worker = 0; worker < program.workers(); worker++) {
            machine.fork(process);
        }
        program.supervised().ifPresent(child -> startSupervised(process, child));
        if (program.daemonizes()) {
            machine.time.after(FORK, () -> {
                if (process.alive()) {
                    background(process);
                }
            });
        }
    }

    private Optional<SimSocket> bind(SimProcess process, Program.Endpoint endpoint) {
        int last = process.program.moves() ? endpoint.port() + PORTS_TRIED : endpoint.port();
        for (int port = endpoint.port(); port <= last; port++) {
            Optional<SimSocket> socket = machine.network.open(process, endpoint.withPort(port), true);
            if (socket.isPresent()) {
                return socket;
            }
        }
        return Optional.empty();
    }

    private void startSupervised(SimProcess supervisor, Program child) {
        SimProcess started = machine.start(child, supervisor.uid, supervisor);
        if (KNOWN_SUPERVISORS.contains(supervisor.program.comm())) {
            started.origin = SimProcess.supervisedBy(supervisor);
        }
    }

    void terminate(SimProcess process) {
        if (process.terminating) {
            return;
        }
        process.terminating = true;
        Program program = process.program;
        switch (program.onTerm()) {
            case IGNORE -> {}
            case EXIT -> exitLater(process);
            case FORK_WORKER -> {
                SimProcess worker = machine.fork(process);
                worker.terminating = true;
                machine.time.after(program.exitAfter().plus(WORKER_LINGERS), () -> machine.exit(worker));
                exitLater(process);
            }
            case HAND_OVER -> {
                machine.time.after(program.exitAfter(), () -> {
                    if (process.alive()) {
                        List<SimSocket> sockets = List.copyOf(process.sockets);
                        SimProcess parent = process.parent.orElse(machine.init);
                        machine.exit(process);
                        successor(process, sockets, parent.alive() ? parent : machine.init);
                    }
                });
            }
        }
    }

    /** Another program, which knows how to go, on the same ports. */
    private void successor(SimProcess process, List<SimSocket> sockets, SimProcess parent) {
        Program.Endpoint[] endpoints = sockets.stream()
                .map(socket ->
                        new Program.Endpoint(socket.protocol, socket.address, socket.port, false, socket.reusePort))
                .filter(endpoint -> machine.network.attempt(endpoint, process.uid, true) == PortHold.Bind.FREE)
                .toArray(Program.Endpoint[]::new);
        if (endpoints.length > 0) {
            machine.heir(
                    process,
                    Program.named("next-" + process.program.comm(), "/usr/bin/next", process.command())
                            .listening(endpoints),
                    parent);
        }
    }

    private void exitLater(SimProcess process) {
        // Workers go with their master, which is how servers that fork them do it.
        List<SimProcess> workers = process.children.stream()
                .filter(child -> child.program == process.program && !child.terminating)
                .toList();
        machine.time.after(process.program.exitAfter(), () -> {
            workers.forEach(machine::exit);
            machine.exit(process);
        });
    }

    void ended(SimProcess process) {
        Duration reapedAfter = chance.of(LAZY_PARENTS) ? LAZY_REAP : ORDINARY_REAP;
        machine.time.after(reapedAfter, () -> machine.reap(process));
        Optional<SimProcess> parent = process.parent;
        if (parent.isEmpty() || process.stoppedByOwner) {
            return;
        }
        SimProcess supervisor = parent.orElseThrow();
        supervisor
                .program
                .supervised()
                .filter(child -> child == process.program && supervisor.alive())
                .ifPresent(child -> machine.time.after(supervisor.program.respawnAfter(), () -> {
                    if (supervisor.alive()) {
                        startSupervised(supervisor, child);
                    }
                }));
    }
}
