package dev.berth.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.model.ProcessRef;
import dev.berth.model.ProcessUsage;
import dev.berth.testing.Children;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link ProcessMeter} promises, on processes of this machine. */
@Timeout(60)
public abstract class ProcessMeterContract {
    private static final long MEBIBYTE = 1 << 20;

    protected final Children children = new Children();
    private ProcessMeter meter;

    protected abstract ProcessMeter create() throws Exception;

    /** The process that has this pid now, as others of the same system know it. */
    protected abstract ProcessRef ref(long pid);

    @BeforeEach
    void createMeter() throws Exception {
        meter = create();
    }

    @AfterEach
    void endChildren() {
        children.close();
    }

    @Test
    void aBusyProcessUsesTheCpuAndAnIdleOneDoesNot() {
        ProcessRef busy =
                ref(children.start(List.of("sh", "-c", "while :; do :; done")).pid());
        ProcessRef idle = ref(children.start(Children.IDLE).pid());

        await().until(() -> usage(busy).cpu().compareTo(Duration.ofMillis(200)) >= 0);
        assertThat(usage(idle).cpu()).isLessThan(Duration.ofMillis(100));
        ProcessUsage before = usage(busy);
        await().until(() -> usage(busy).cpu().compareTo(before.cpu()) > 0);
    }

    @Test
    void memoryIsWhatIsInRam() {
        ProcessRef self = ref(ProcessHandle.current().pid());
        long before = usage(self).residentBytes();
        ByteBuffer block = ByteBuffer.allocateDirect((int) (64 * MEBIBYTE));
        for (int i = 0; i < block.capacity(); i += 1024) {
            block.put(i, (byte) 1);
        }

        // The garbage collector may give something back meanwhile.
        assertThat(usage(self).residentBytes() - before).isBetween(32 * MEBIBYTE, 256 * MEBIBYTE);
        assertThat(block.get(0)).isEqualTo((byte) 1);
        assertThat(usage(ref(children.start(Children.IDLE).pid())).residentBytes())
                .isBetween(1L, 32 * MEBIBYTE);
    }

    @Test
    void threadsAreCounted() {
        ProcessRef self = ref(ProcessHandle.current().pid());
        long before = usage(self).threads();
        CountDownLatch done = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        done.await();
                    } catch (InterruptedException end) {
                        Thread.currentThread().interrupt();
                    }
                });
                thread.start();
                threads.add(thread);
            }
            // Others of the JVM may end meanwhile.
            assertThat(usage(self).threads()).isGreaterThanOrEqualTo(before + 15);
        } finally {
            done.countDown();
        }
        assertThat(usage(ref(children.start(Children.IDLE).pid())).threads()).isEqualTo(1);
    }

    @Test
    void openFilesAreCounted() {
        Children.Ready some = children.startReady(List.of("sh", "-c", "echo ready; exec sleep 1000"));
        Children.Ready more = children.startReady(
                List.of("sh", "-c", "exec 5</dev/null 6</dev/null 7</dev/null; echo ready; exec sleep 1000"));

        // Each opens its libraries for a moment after it said that it is ready.
        await().untilAsserted(() -> {
            long few = usage(ref(some.process().pid())).openFiles().orElseThrow();
            assertThat(few).isGreaterThanOrEqualTo(3);
            assertThat(usage(ref(more.process().pid())).openFiles()).hasValue(few + 3);
        });
    }

    @Test
    void ageIsTheTimeSinceItsStart() {
        assertThat(usage(ref(children.start(Children.IDLE).pid())).age())
                .isBetween(Duration.ZERO, Duration.ofSeconds(30));
        assertThat(usage(ref(ProcessHandle.current().pid())).age())
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1))
                .isLessThan(Duration.ofDays(1));
    }

    @Test
    void whoHasEndedAndALaterProcessOfItsPidAreLeftOut() throws Exception {
        ProcessRef living = ref(children.start(Children.IDLE).pid());
        Process ended = children.start(Children.IDLE);
        ProcessRef gone = ref(ended.pid());
        ProcessRef earlier = new ProcessRef(living.pid(), living.startTicks() - 1, living.bootId());
        Children.end(ended);

        Map<ProcessRef, ProcessUsage> measured = meter.measure(List.of(gone, living, earlier));

        assertThat(measured).containsOnlyKeys(living);
    }

    @Test
    void zombiesHaveEnded() throws Exception {
        Children.Ready parent = children.startReady(List.of("sh", "-c", "sleep 1000 & echo $!; exec sleep 1000"));
        long pid = Long.parseLong(parent.line());
        ProcessRef zombie = ref(pid);
        // Before that the shell would wait for it.
        await().until(() -> ProcessHandle.of(parent.process().pid())
                .flatMap(handle -> handle.info().command())
                .filter(command -> command.endsWith("sleep"))
                .isPresent());
        assertThat(meter.measure(List.of(zombie))).hasSize(1);

        ProcessHandle.of(pid).orElseThrow().destroyForcibly();

        await().until(() -> meter.measure(List.of(zombie)).isEmpty());
    }

    protected final ProcessUsage usage(ProcessRef process) {
        try {
            return Optional.ofNullable(meter.measure(List.of(process)).get(process))
                    .orElseThrow();
        } catch (ObservationException e) {
            throw new AssertionError(e);
        }
    }
}
