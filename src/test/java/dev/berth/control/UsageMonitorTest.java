package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.ObservationException;
import dev.berth.host.ProcessTable;
import dev.berth.model.Launch;
import dev.berth.model.LimitReading.Verdict;
import dev.berth.model.ProcessRef;
import dev.berth.model.ProcessUsage;
import dev.berth.model.Run;
import dev.berth.model.Service;
import dev.berth.model.ServiceState;
import dev.berth.model.ServiceStatus;
import dev.berth.model.Traffic;
import dev.berth.store.ChangeSet;
import dev.berth.store.JournalRegistry;
import dev.berth.store.MemoryStore;
import dev.berth.store.StoreException;
import dev.berth.store.StoredSamples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Samples on virtual time of processes that are written down. */
class UsageMonitorTest {
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
    private static final String BOOT = "boot";
    private static final long MEBIBYTE = 1 << 20;

    private Duration now = Duration.ZERO;
    private UsageRules rules = new UsageRules(Duration.ofSeconds(15));
    private final Map<ProcessRef, ProcessUsage> processes = new HashMap<>();
    private final Map<ProcessRef, Long> parents = new HashMap<>();
    private final List<HealthMonitor.Sample> answers = new ArrayList<>();
    private final List<WorkKey> enqueued = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private Optional<List<Traffic>> traffic = Optional.of(List.of());
    private Optional<ObservationException> failure = Optional.empty();
    private int looks;
    private JournalRegistry registry = open();
    private UsageMonitor monitor = monitor();

    private JournalRegistry open() {
        try {
            return JournalRegistry.open(new MemoryStore(), () -> START.plus(now), () -> now.toNanos(), Runnable::run);
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    private UsageMonitor monitor() {
        DecisionLog log = new DecisionLog() {
            @Override
            public void decided(Optional<String> conflict, String words) {
                troubles.add(words);
            }

            @Override
            public void trouble(Optional<String> conflict, String words) {
                troubles.add(words);
            }
        };
        return new UsageMonitor(
                registry,
                this::table,
                this::measure,
                ports -> traffic,
                service -> List.copyOf(answers),
                () -> rules,
                () -> START.plus(now),
                () -> now.toNanos(),
                enqueued::add,
                new Troubles(log));
    }

    private List<ProcessTable.Entry> table() throws ObservationException {
        looks++;
        if (failure.isPresent()) {
            throw failure.get();
        }
        return processes.keySet().stream()
                .map(ref -> new ProcessTable.Entry(ref, parents.getOrDefault(ref, 1L), 0, 0, Optional.empty()))
                .toList();
    }

    private Map<ProcessRef, ProcessUsage> measure(Collection<ProcessRef> wanted) {
        Map<ProcessRef, ProcessUsage> found = new HashMap<>(processes);
        found.keySet().retainAll(wanted);
        return found;
    }

    @BeforeEach
    void declare() throws Exception {
        store(StoredSamples.service("web"));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private void store(Service service) throws Exception {
        registry.commit(ChangeSet.builder().put(service).build());
    }

    private Service web() {
        return registry.services().get(0);
    }

    /** The service is on port 8000 with this process from now on. */
    private ProcessRef runs(long pid) throws Exception {
        ProcessRef first = new ProcessRef(pid, 1, BOOT);
        processes.put(first, usage(Duration.ZERO, Duration.ZERO));
        Launch launch = new Launch(
                "launch-" + pid, Launch.Step.SERVICE, OptionalInt.of(8000), "", Optional.empty(), START.plus(now));
        store(web().withStatus(new ServiceStatus(
                ServiceState.RUNNING,
                OptionalInt.of(8000),
                Optional.of(first),
                0,
                1,
                List.of(),
                Optional.of(Run.NONE.launching(launch)))));
        return first;
    }

    private ProcessRef child(long pid, ProcessRef parent) {
        ProcessRef child = new ProcessRef(pid, 1, BOOT);
        parents.put(child, parent.pid());
        return child;
    }

    private static ProcessUsage usage(Duration cpu, Duration children) {
        return new ProcessUsage(cpu, children, 10 * MEBIBYTE, 2, OptionalLong.of(5), Duration.ofMinutes(1));
    }

    private void used(ProcessRef process, long millis, long childrenMillis) {
        processes.put(process, usage(Duration.ofMillis(millis), Duration.ofMillis(childrenMillis)));
    }

    /** As the ticker of the daemon does. */
    private void pass(Duration time) {
        for (Duration end = now.plus(time); now.compareTo(end) < 0; now = now.plusSeconds(1)) {
            monitor.sampleWhenDue();
        }
    }

    private Usage sample() {
        now = now.plusSeconds(10);
        monitor.refresh();
        return monitor.latest(web()).orElseThrow();
    }

    @Test
    void theCpuIsTheTimeUsedSinceTheSampleBefore() throws Exception {
        ProcessRef first = runs(100);
        used(first, 5_000, 0);

        Usage begin = sample();
        assertThat(begin.cpu()).isEmpty();
        assertThat(begin.cpuTotal()).isEqualTo(Duration.ofSeconds(5));

        used(first, 7_500, 0);
        Usage later = sample();
        assertThat(later.cpu()).hasValue(0.25);
        assertThat(later.cpuTotal()).isEqualTo(Duration.ofMillis(7_500));
    }

    @Test
    void aServiceIsAllItsProcessesAndNobodyElses() throws Exception {
        ProcessRef first = runs(100);
        used(child(101, first), 1_000, 0);
        used(child(102, new ProcessRef(101, 1, BOOT)), 1_000, 0);
        used(new ProcessRef(900, 1, BOOT), 9_000, 0);

        Usage seen = sample();

        assertThat(seen.processes()).isEqualTo(3);
        assertThat(seen.memoryBytes()).isEqualTo(30 * MEBIBYTE);
        assertThat(seen.threads()).isEqualTo(6);
        assertThat(seen.openFiles()).hasValue(15);
        assertThat(seen.cpuTotal()).isEqualTo(Duration.ofSeconds(2));
        assertThat(seen.uptime()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void whatIsNotKnownOfOneProcessIsNotKnownOfTheService() throws Exception {
        ProcessRef first = runs(100);
        processes.put(
                child(101, first),
                new ProcessUsage(Duration.ZERO, Duration.ZERO, 0, 1, OptionalLong.empty(), Duration.ZERO));

        assertThat(sample().openFiles()).isEmpty();
    }

    @Test
    void whatAnEndedChildUsedIsCountedOnce() throws Exception {
        ProcessRef first = runs(100);
        ProcessRef child = child(101, first);
        used(first, 0, 0);
        used(child, 4_000, 0);
        sample();

        // It used another second, ended, and its parent waited for it.
        processes.remove(child);
        used(first, 500, 5_000);

        Usage seen = sample();
        assertThat(seen.cpuTotal()).isEqualTo(Duration.ofMillis(5_500));
        assertThat(seen.cpu()).hasValue(0.15);
    }

    @Test
    void aChildThatNobodyWaitedForTakesNothingBack() throws Exception {
        ProcessRef first = runs(100);
        ProcessRef child = child(101, first);
        used(first, 1_000, 0);
        used(child, 60_000, 0);
        assertThat(sample().cpuTotal()).isEqualTo(Duration.ofSeconds(61));

        processes.remove(child);
        used(first, 3_000, 0);

        Usage seen = sample();
        assertThat(seen.cpuTotal()).isEqualTo(Duration.ofSeconds(63));
        assertThat(seen.cpu()).hasValue(0.2);
    }

    @Test
    void aRestartKeepsTheTotalsAndBeginsTheRatesAnew() throws Exception {
        ProcessRef first = runs(100);
        used(first, 30_000, 0);
        traffic = Optional.of(List.of(new Traffic(8000, 1, 500, 50)));
        sample();
        processes.remove(first);

        ProcessRef second = runs(200);
        used(second, 1_000, 0);
        traffic = Optional.of(List.of());
        // The sample that is there speaks of the process before.
        assertThat(monitor.latest(web())).isEmpty();

        Usage seen = sample();
        assertThat(seen.cpu()).isEmpty();
        assertThat(seen.cpuTotal()).isEqualTo(Duration.ofSeconds(31));
        assertThat(seen.throughput().orElseThrow().received()).isEqualTo(500);
        used(second, 2_000, 0);
        assertThat(sample().cpu()).hasValue(0.1);
    }

    @Test
    void anotherServiceOfTheNameBeginsAnew() throws Exception {
        used(runs(100), 30_000, 0);
        sample();
        registry.commit(ChangeSet.builder().delete(web()).build());
        now = now.plusSeconds(20);
        monitor.refresh();
        store(StoredSamples.service("web"));
        used(runs(200), 1_000, 0);

        assertThat(sample().cpuTotal()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void bytesAreThoseOfThePortAndNeverGoBack() throws Exception {
        runs(100);
        traffic = Optional.of(List.of(new Traffic(8000, 1, 1_000, 100), new Traffic(9000, 2, 77, 77)));
        Usage.Throughput begin = sample().throughput().orElseThrow();
        assertThat(begin.connections()).isEqualTo(1);
        assertThat(begin.received()).isEqualTo(1_000);
        assertThat(begin.receivedPerSecond()).isEmpty();

        traffic = Optional.of(List.of(new Traffic(8000, 1, 3_000, 600), new Traffic(8000, 3, 1_000, 0)));
        Usage.Throughput later = sample().throughput().orElseThrow();
        assertThat(later.connections()).isEqualTo(2);
        assertThat(later.received()).isEqualTo(4_000);
        assertThat(later.sent()).isEqualTo(600);
        assertThat(later.receivedPerSecond()).hasValue(300);
        assertThat(later.sentPerSecond()).hasValue(50);

        traffic = Optional.of(List.of());
        Usage.Throughput closed = sample().throughput().orElseThrow();
        assertThat(closed.connections()).isZero();
        assertThat(closed.received()).isEqualTo(4_000);
        assertThat(closed.receivedPerSecond()).hasValue(0);
    }

    @Test
    void whereTheSystemDoesNotTellThereIsNoThroughput() throws Exception {
        runs(100);
        traffic = Optional.empty();

        assertThat(sample().throughput()).isEmpty();
    }

    @Test
    void responseTimesAreThoseOfGoodAnswersOfThisLaunch() throws Exception {
        now = Duration.ofMinutes(10);
        runs(100);
        assertThat(sample().responseTime()).isEmpty();
        answer(-5, 900, true);
        answer(1, 10, true);
        answer(2, 2_000, false);
        answer(3, 30, true);

        Usage.ResponseTime seen = sample().responseTime().orElseThrow();

        assertThat(seen.last()).isEqualTo(Duration.ofMillis(30));
        assertThat(seen.average()).isEqualTo(Duration.ofMillis(20));
    }

    private void answer(int second, int millis, boolean healthy) {
        answers.add(new HealthMonitor.Sample(
                START.plus(Duration.ofMinutes(10)).plusSeconds(second), Duration.ofMillis(millis), healthy));
    }

    @Test
    void samplesComeAtTheIntervalAndMoreOftenOnlyWhenAsked() throws Exception {
        runs(100);
        pass(Duration.ofMinutes(1));
        assertThat(looks).isEqualTo(4);

        now = now.plusSeconds(1);
        for (int i = 0; i < 100; i++) {
            monitor.refresh();
        }
        assertThat(looks).isEqualTo(5);
        now = now.plus(UsageMonitor.FRESH);
        monitor.refresh();
        assertThat(looks).isEqualTo(6);

        rules = new UsageRules(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(10));
        assertThat(looks).isEqualTo(15);
    }

    @Test
    void samplesAreFewHoweverLongItRuns() throws Exception {
        runs(100);
        pass(Duration.ofHours(1));

        assertThat(looks).isEqualTo(240);
        assertThat(monitor.recent(web().key())).hasSize(40);
        assertThat(monitor.recent(web().key()).get(39))
                .isEqualTo(monitor.latest(web()).orElseThrow());
    }

    @Test
    void whereNothingRunsNothingIsLookedAt() {
        pass(Duration.ofHours(1));

        assertThat(looks).isZero();
        assertThat(monitor.latest(web())).isEmpty();
    }

    @Test
    void nothingIsWrittenAndNothingIsTold() throws Exception {
        runs(100);
        long version = registry.resourceVersion();
        pass(Duration.ofHours(1));

        assertThat(registry.resourceVersion()).isEqualTo(version);
        assertThat(troubles).isEmpty();
    }

    @Test
    void whatCannotBeSeenIsToldOnceAndTheLastSampleStays() throws Exception {
        runs(100);
        Usage seen = sample();
        failure = Optional.of(new ObservationException("/proc is gone"));
        pass(Duration.ofMinutes(2));

        assertThat(troubles).containsExactly("what services use can't be measured: /proc is gone");
        assertThat(monitor.latest(web())).contains(seen);

        failure = Optional.empty();
        pass(Duration.ofMinutes(1));
        assertThat(troubles).hasSize(2).last().isEqualTo("measuring what services use works again");
    }

    @Test
    void aServiceIsEnqueuedWhenItBeginsAndCeasesToExceedAThreshold() throws Exception {
        ProcessRef first = runs(100);
        assertThat(monitor.limits(web())).isEmpty();
        rules = new UsageRules(
                Duration.ofSeconds(15), Optional.empty(), Optional.of(5 * MEBIBYTE), Optional.empty(), true);
        assertThat(monitor.limits(web()).orElseThrow().verdict()).isEqualTo(Verdict.UNDECIDED);

        pass(Duration.ofMinutes(10));

        assertThat(monitor.limits(web())).hasValueSatisfying(reading -> {
            assertThat(reading.verdict()).isEqualTo(Verdict.EXCEEDED);
            assertThat(reading.message()).isEqualTo("uses 10 MB, 5 MB are allowed");
            assertThat(reading.restart()).isTrue();
        });
        WorkKey key = WorkKey.service(web().key());
        assertThat(enqueued).containsExactly(key);

        enqueued.clear();
        processes.remove(first);
        runs(200);
        assertThat(monitor.limits(web()).orElseThrow().verdict()).isEqualTo(Verdict.UNDECIDED);
        rules = new UsageRules(
                Duration.ofSeconds(15), Optional.empty(), Optional.of(50 * MEBIBYTE), Optional.empty(), true);
        pass(Duration.ofMinutes(10));
        assertThat(monitor.limits(web()).orElseThrow().verdict()).isEqualTo(Verdict.KEPT);
        assertThat(enqueued).containsExactly(key);
    }

    @Test
    void aProcessThatHasGoneHasNoUsage() throws Exception {
        ProcessRef first = runs(100);
        sample();
        processes.remove(first);
        now = now.plusSeconds(10);
        monitor.refresh();

        assertThat(monitor.latest(web())).isEmpty();
    }
}
