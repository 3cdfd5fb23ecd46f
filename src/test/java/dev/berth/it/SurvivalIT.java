package dev.berth.it;

import static dev.berth.it.Supervised.listener;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.testing.Children;
import dev.berth.testing.FreePorts;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Berth is killed five times in a row, and its hundred services don't notice. */
class SurvivalIT {
    private static final int SLEEPERS = 100;

    @TempDir
    Path directory;

    @Test
    void fiveKillsCostNoServiceNoLineOfALogAndNoSecondStart() {
        List<Integer> ports = new ArrayList<>(FreePorts.take(SLEEPERS + 2));
        int contested = ports.remove(0);
        try (Children children = new Children();
                Supervised all = Supervised.start(directory)) {
            children.startReady(Holder.command(Integer.toString(contested), "stubborn"));
            Map<String, Object> file = file(ports, contested);

            // 1: somewhere between the request and its answer, or after it.
            CompletableFuture<Void> applying = CompletableFuture.runAsync(() -> {
                try {
                    all.apply("", file);
                } catch (UncheckedIOException cut) {
                    // Whether it was declared is asked of the next Berth.
                }
            });
            killAfter(all, 800);
            applying.join();
            assertThat(all.services().size()).as("all of the file or nothing").isIn(0, SLEEPERS + 2);
            assertThat(all.apply("", file).status()).isEqualTo(200);
            // 2: while it starts them, and ends the stranger.
            killAfter(all, 600);
            Map<String, Long> pids = Awaitility.await("all run")
                    .atMost(Berth.PATIENCE)
                    .until(all::pids, found -> found.size() == SLEEPERS + 2);
            assertRunsOnce(all, pids);
            // 3 and 4: at any time.
            for (int round = 0; round < 2; round++) {
                killAfter(all, 400);
                Awaitility.await("all are taken up")
                        .atMost(Berth.PATIENCE)
                        .until(() -> all.pids().equals(pids));
                assertRunsOnce(all, pids);
            }
            // 5: while it stops them.
            pids.keySet().stream()
                    .limit(SLEEPERS / 2)
                    .forEach(name -> all.berth().post("/services/" + name + "/stop"));
            killAfter(all, 100);

            pids.keySet().forEach(name -> all.berth().post("/services/" + name + "/stop"));
            pids.keySet().forEach(name -> all.await(name, "Stopped"));
            assertThat(all.processes()).isEmpty();
            assertThat(ports).allMatch(FreePorts::isFree);
            assertNoLineIsLost(all);
            all.assertAuditIsWhole();
        }
    }

    private static Map<String, Object> file(List<Integer> ports, int contested) {
        Map<String, Object> services = new TreeMap<>();
        for (int i = 0; i < SLEEPERS; i++) {
            services.put("sleeper-" + i, Map.of("port", ports.get(i), "command", "exec sleep 1000"));
        }
        services.put(
                "writer",
                Map.of(
                        "port",
                        ports.get(SLEEPERS),
                        "command",
                        "i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done",
                        "gracePeriod",
                        "1s"));
        services.put(
                "contested",
                Map.of(
                        "port",
                        contested,
                        "command",
                        "exec " + listener("{port}"),
                        "strategy",
                        "aggressive",
                        "gracePeriod",
                        "500ms"));
        return Map.of("services", services);
    }

    private static void killAfter(Supervised all, int mostMillis) {
        // A random moment is what this is about.
        LockSupport.parkNanos(
                TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(mostMillis)));
        all.berth().killNine();
        all.berth().launch();
    }

    private static void assertRunsOnce(Supervised all, Map<String, Long> pids) {
        Map<String, List<Long>> leaders = new HashMap<>();
        all.processes().forEach((pid, service) -> {
            if (Processes.leadsSession(pid)) {
                leaders.computeIfAbsent(service, key -> new ArrayList<>()).add(pid);
            }
        });
        Map<String, List<Long>> wanted = new HashMap<>();
        pids.forEach((name, pid) -> wanted.put("default/" + name, List.of(pid)));
        assertThat(leaders).isEqualTo(wanted);
    }

    private static void assertNoLineIsLost(Supervised all) {
        JsonNode lines =
                all.berth().get("/services/writer/logs?tail=100000").body().path("lines");
        assertThat(lines.size()).isPositive();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i).asText()).isEqualTo(Integer.toString(i + 1));
        }
    }
}
