package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.ProcessRef;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoreException;
import dev.berth.store.StoredSamples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResyncTest {
    private static final ProcessRef WATCHED = new ProcessRef(100, 1, "boot");
    private static final ProcessRef UNWATCHED = new ProcessRef(101, 1, "boot");

    private final WorkQueue<WorkKey> queue =
            new WorkQueue<>(() -> 0, new SplittableRandom(1), 10_000, Duration.ofMillis(50), Duration.ofSeconds(10));
    private final JournalRegistry registry = open();
    private final Set<ServiceKey> calm = new HashSet<>();
    private final Resync resync = new Resync(queue, registry, WATCHED::equals, calm::contains);

    private static JournalRegistry open() {
        try {
            return JournalRegistry.open(new MemoryStore(), () -> StoredSamples.NOON, () -> 0, Runnable::run);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void whatIsNotSettledComesEachTime() throws Exception {
        declare(40, ServiceState.RUNNING, WATCHED);
        declare("failing", ServiceState.FAILED, WATCHED);
        declare("unwatched", ServiceState.RUNNING, UNWATCHED);

        for (int i = 0; i < 3; i++) {
            assertThat(round()).contains(key("failing"), key("unwatched"));
        }
    }

    @Test
    void theSettledComeInTurnAFewEachTime() throws Exception {
        declare(40, ServiceState.RUNNING, WATCHED);

        Set<WorkKey> seen = new HashSet<>();
        for (int i = 0; i < Resync.ROUND; i++) {
            List<WorkKey> some = round();
            assertThat(some).hasSize(3);
            seen.addAll(some);
        }
        assertThat(seen).hasSize(40);
    }

    @Test
    void ofVeryManySettledNoMoreComeThanAnIdleMachineCanPay() throws Exception {
        declare(1_000, ServiceState.RUNNING, WATCHED);

        Set<WorkKey> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i += Resync.SETTLED_AT_ONCE) {
            List<WorkKey> some = round();
            assertThat(some).hasSize(Resync.SETTLED_AT_ONCE);
            seen.addAll(some);
        }
        assertThat(seen).hasSize(1_000);
    }

    @Test
    void noPassIsMadeForWhatIsSettledAndCalm() throws Exception {
        declare(15, ServiceState.RUNNING, WATCHED);
        declare("failing", ServiceState.FAILED, WATCHED);
        registry.services().forEach(service -> calm.add(service.key()));
        calm.remove(new ServiceKey("default", "service-7"));

        List<WorkKey> all = new ArrayList<>();
        for (int i = 0; i < Resync.ROUND; i++) {
            all.addAll(round());
        }

        assertThat(all.stream().filter(key("failing")::equals)).hasSize(Resync.ROUND);
        assertThat(all).filteredOn(key -> !key.equals(key("failing"))).containsExactly(key("service-7"));
    }

    private static WorkKey key(String service) {
        return WorkKey.service(new ServiceKey("default", service));
    }

    private void declare(int count, ServiceState state, ProcessRef process) throws Exception {
        for (int i = 0; i < count; i++) {
            declare("service-" + i, state, process);
        }
    }

    private void declare(String name, ServiceState state, ProcessRef process) throws Exception {
        registry.commit(ChangeSet.builder()
                .put(StoredSamples.service(name)
                        .withStatus(new ServiceStatus(
                                state, OptionalInt.empty(), Optional.of(process), 0, 1, List.of(), Optional.empty())))
                .build());
    }

    /** What one resync enqueues. */
    private List<WorkKey> round() {
        resync.next();
        List<WorkKey> keys = new ArrayList<>();
        for (Optional<WorkKey> key = queue.poll(); key.isPresent(); key = queue.poll()) {
            keys.add(key.get());
            queue.done(key.get());
        }
        return keys;
    }
}
