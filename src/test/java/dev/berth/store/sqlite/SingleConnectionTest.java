package dev.berth.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SingleConnectionTest {
    /** Asked for in the pool itself, one of some thousands waited for the whole acquisition timeout and was refused. */
    private static final int ROUNDS = 20_000;

    @Test
    void whoeverAsksForAFreeConnectionGetsIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (FileDatabase database = new FileDatabase(DatabaseUrl.inMemory("single-connection"))) {
            CyclicBarrier together = new CyclicBarrier(2);
            Callable<Integer> asking = () -> {
                int had = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    together.await(30, TimeUnit.SECONDS);
                    Connection connection = database.single().take();
                    try {
                        had += connection.getAutoCommit() ? 1 : 0;
                    } finally {
                        database.single().giveBack(connection);
                    }
                }
                return had;
            };
            for (Future<Integer> each : threads.invokeAll(List.of(asking, asking))) {
                assertThat(each.get()).isEqualTo(ROUNDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
