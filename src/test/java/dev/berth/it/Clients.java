package dev.berth.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Many clients that want a port of one range at the same moment. */
final class Clients {
    private static final long ROUND_TRIP_MILLIS = 20;

    private Clients() {}

    /**
     * All of them at once.
     *
     * @return the final answer of each
     */
    static List<Berth.Answer> race(Berth berth, int clients, String range, Runnable meanwhile) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            CountDownLatch together = new CountDownLatch(1);
            List<Future<Berth.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                String holder = "client-" + i;
                answers.add(threads.submit(() -> {
                    together.await();
                    return reserve(berth, holder, range);
                }));
            }
            together.countDown();
            meanwhile.run();
            List<Berth.Answer> all = new ArrayList<>();
            for (Future<Berth.Answer> answer : answers) {
                all.add(answer.get(Berth.PATIENCE.toSeconds(), TimeUnit.SECONDS));
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    /** As a careful client does: when the connection breaks, it asks what became of its wish before it wishes again. */
    private static Berth.Answer reserve(Berth berth, String holder, String range) {
        long deadline = System.nanoTime() + Berth.PATIENCE.toNanos();
        boolean doubt = false;
        while (true) {
            try {
                if (doubt) {
                    JsonNode mine =
                            berth.get("/reservations?holder=" + holder).body().path("items");
                    if (mine.size() == 1) {
                        return new Berth.Answer(201, mine.get(0), List.of());
                    }
                }
                doubt = true;
                return berth.post(
                        "/reservations", "{\"holder\": \"%s\", \"portRange\": \"%s\"}".formatted(holder, range));
            } catch (UncheckedIOException broken) {
                if (System.nanoTime() > deadline) {
                    throw broken;
                }
                LockSupport.parkNanos(Duration.ofMillis(ROUND_TRIP_MILLIS).toNanos());
            }
        }
    }
}
