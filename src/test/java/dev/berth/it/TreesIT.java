package dev.berth.it;

import static dev.berth.it.Supervised.listener;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.FreePorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees of processes, as package managers, shells and daemons make them: a stop leaves nobody and no port. */
class TreesIT {
    @TempDir
    static Path directory;

    private static Supervised berth;

    @BeforeAll
    static void start() {
        berth = Supervised.start(directory);
    }

    @AfterAll
    static void close() {
        berth.close();
    }

    @AfterEach
    void deleteAll() {
        berth.deleteAll();
    }

    @Test
    void aShellInAShellAsPackageManagersStartServers() {
        declare("npm", "sh -c '" + listener("{port}") + "; echo not reached'; echo not reached");
        List<Long> tree = tree(berth.await("npm", "Running"), 3);
        berth.stop("npm");
        assertThat(tree).noneMatch(Processes::isAlive);
    }

    @Test
    void childrenThatLeaveTheSessionOrTheEnvironment() {
        declare(
                "leavers",
                "sh -c 'sleep 1001 & setsid sleep 1002 & wait' & env -i /bin/sh -c 'exec sleep 1003' & exec "
                        + listener("{port}"));
        List<Long> tree = tree(berth.await("leavers", "Running"), 5);
        berth.stop("leavers");
        assertThat(tree).noneMatch(Processes::isAlive);
    }

    @Test
    void anOrphanInASessionOfItsOwnIsKnownByItsMarker() {
        declare("orphans", "(setsid sleep 1004 &); exec " + listener("{port}"));
        berth.await("orphans", "Running");
        Awaitility.await("the orphan runs")
                .atMost(Berth.PATIENCE)
                .until(() -> berth.processes().size() == 2);
        // It asserts that no process with the marker is left.
        berth.stop("orphans");
    }

    @Test
    void oneThatIgnoresSigtermIsKilledAfterTheGracePeriod() {
        declare("stubborn", "sh -c 'trap \"\" TERM; while :; do sleep 1005; done' & exec " + listener("{port}"));
        List<Long> tree = tree(berth.await("stubborn", "Running"), 3);
        berth.stop("stubborn");
        assertThat(tree).noneMatch(Processes::isAlive);
        assertThat(berth.details("stubborn", "ProcessSignalled", "Intended")).containsExactly("SIGTERM", "SIGKILL");
    }

    @Test
    void aDaemonThatGoesToTheBackgroundIsTakenForTheService() {
        declare("daemon", "(setsid " + listener("{port}") + " &); exit 0");
        JsonNode running = berth.await("daemon", "Running");
        assertThat(running.path("restarts").asInt()).isZero();
        long pid = running.path("pid").asLong();
        assertThat(berth.processes().keySet()).containsExactly(pid);

        berth.berth().killNine();
        berth.berth().launch();
        assertThat(berth.await("daemon", "Running").path("pid").asLong()).isEqualTo(pid);

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        JsonNode again = berth.awaitAnother("daemon", pid);
        assertThat(again.path("restarts").asInt()).isEqualTo(1);
        berth.stop("daemon");
    }

    /** A shell that is killed above its server: the server goes on, and is the service. */
    @Test
    void aChildThatHoldsThePortTakesOver() {
        declare("wrapped", listener("{port}") + "; echo not reached");
        long shell = berth.await("wrapped", "Running").path("pid").asLong();
        ProcessHandle.of(shell).orElseThrow().destroyForcibly();
        JsonNode taken = berth.awaitAnother("wrapped", shell);
        assertThat(taken.path("restarts").asInt()).isZero();
        berth.stop("wrapped");
    }

    /** Nothing is started beside what is left, and a crash counts as one although it left something. */
    @Test
    void whatACrashLeavesBehindIsEndedAndTheCrashIsCounted() {
        berth.declare(
                "crasher",
                Map.of(
                        "port",
                        FreePorts.take(),
                        "command",
                        "(setsid sleep 1006 &); sleep 1007 & exit 3",
                        "gracePeriod",
                        "500ms",
                        "maxRestarts",
                        1));
        JsonNode failed = berth.await("crasher", "Failed");
        assertThat(failed.path("restarts").asInt()).isEqualTo(1);
        assertThat(failed.path("lastExit").path("status").asInt()).isEqualTo(3);
        assertThat(berth.processes()).isEmpty();
        assertThat(berth.details("crasher", "ProcessStarted", "Succeeded")).hasSize(2);
    }

    private static void declare(String name, String command) {
        berth.declare(name, Map.of("port", FreePorts.take(), "command", command, "gracePeriod", "500ms"));
    }

    /** The service's process and all below it, once there are as many. */
    private static List<Long> tree(JsonNode status, int atLeast) {
        ProcessHandle leader = ProcessHandle.of(status.path("pid").asLong()).orElseThrow();
        return Awaitility.await("the whole tree runs")
                .atMost(Berth.PATIENCE)
                .until(
                        () -> {
                            List<Long> pids = new ArrayList<>(List.of(leader.pid()));
                            leader.descendants().map(ProcessHandle::pid).forEach(pids::add);
                            return pids;
                        },
                        pids -> pids.size() >= atLeast);
    }
}
