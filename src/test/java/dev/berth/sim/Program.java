package dev.berth.sim;

import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import dev.berth.model.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a simulated program does.
 *
 * @param endpoints what it binds when it starts; when one is taken it tries the ports above if {@code moves}, else it exits
 * @param workers processes that it forks after binding, which hold its sockets too
 * @param onTerm what SIGTERM does to it
 * @param exitAfter how long it takes from SIGTERM to its end
 * @param daemonizes forks a child that keeps the sockets, and exits
 * @param supervised a program that it starts, and starts again whenever that ends
 * @param respawnAfter how long a supervisor waits before it starts it again
 * @param moves takes a port above the wanted one when that is taken
 * @param origin where its processes come from, as the machine can tell; a supervisor's children may say more
 * @param habits what else it does by itself
 */
record Program(
        String comm,
        List<String> commandLine,
        List<Endpoint> endpoints,
        int workers,
        OnTerm onTerm,
        Duration exitAfter,
        boolean daemonizes,
        Optional<Program> supervised,
        Duration respawnAfter,
        boolean moves,
        Origin origin,
        Habits habits) {

    /**
     * What a program does in the course of its life.
     *
     * @param listensAfter it binds that long after its start
     * @param endsAfter it ends by itself; empty for one that runs on
     * @param status what it returns when it ends by itself
     * @param scatters leaves a grandchild behind, in a session of its own, that shares its sockets
     * @param sick it runs and works badly, as its health check finds out
     */
    record Habits(Duration listensAfter, Optional<Duration> endsAfter, int status, boolean scatters, boolean sick) {
        static final Habits NONE = new Habits(Duration.ZERO, Optional.empty(), 0, false, false);
    }

    /** One address to listen on. */
    record Endpoint(Protocol protocol, String address, int port, boolean v6only, boolean reusePort) {
        static Endpoint tcp(int port) {
            return tcp("127.0.0.1", port);
        }

        static Endpoint tcp(String address, int port) {
            return new Endpoint(Protocol.TCP, address, port, false, false);
        }

        Endpoint withPort(int other) {
            return new Endpoint(protocol, address, other, v6only, reusePort);
        }

        boolean dualStack() {
            return address.equals("::") && !v6only;
        }
    }

    /** What a program makes of SIGTERM. */
    enum OnTerm {
        EXIT,
        IGNORE,
        /** Goes, but leaves a worker behind that was forked during the grace period and exits a while later. */
        FORK_WORKER,
        /** Starts a successor that takes the port over, then exits. */
        HAND_OVER
    }

    Program {
        commandLine = List.copyOf(commandLine);
        endpoints = List.copyOf(endpoints);
    }

    static Program named(String comm, String... arguments) {
        List<String> line = arguments.length == 0 ? List.of(comm) : List.of(arguments);
        return new Program(
                comm,
                line,
                List.of(),
                0,
                OnTerm.EXIT,
                Duration.ofMillis(5),
                false,
                Optional.empty(),
                Duration.ofSeconds(1),
                false,
                Origin.of(HolderKind.FOREIGN),
                Habits.NONE);
    }

    Program listening(Endpoint... on) {
        return with(List.of(on), workers, onTerm, exitAfter, daemonizes, supervised, respawnAfter, moves, origin);
    }

    Program withWorkers(int count) {
        return with(endpoints, count, onTerm, exitAfter, daemonizes, supervised, respawnAfter, moves, origin);
    }

    Program onTerm(OnTerm what, Duration after) {
        return with(endpoints, workers, what, after, daemonizes, supervised, respawnAfter, moves, origin);
    }

    Program daemonizing() {
        return with(endpoints, workers, onTerm, exitAfter, true, supervised, respawnAfter, moves, origin);
    }

    Program supervising(Program child, Duration restartAfter) {
        return with(endpoints, workers, onTerm, exitAfter, daemonizes, Optional.of(child), restartAfter, moves, origin);
    }

    Program moving() {
        return with(endpoints, workers, onTerm, exitAfter, daemonizes, supervised, respawnAfter, true, origin);
    }

    Program from(Origin where) {
        return with(endpoints, workers, onTerm, exitAfter, daemonizes, supervised, respawnAfter, moves, where);
    }

    private Program with(
            List<Endpoint> on,
            int workerCount,
            OnTerm term,
            Duration after,
            boolean daemon,
            Optional<Program> child,
            Duration restartAfter,
            boolean mayMove,
            Origin where) {
        return new Program(
                comm, commandLine, on, workerCount, term, after, daemon, child, restartAfter, mayMove, where, habits);
    }

    Program living(Habits how) {
        return new Program(
                comm,
                commandLine,
                endpoints,
                workers,
                onTerm,
                exitAfter,
                daemonizes,
                supervised,
                respawnAfter,
                moves,
                origin,
                how);
    }
}
