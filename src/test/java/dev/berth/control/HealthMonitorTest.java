package dev.berth.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.health.HealthCheck;
import dev.berth.health.HealthCheck.Result;
import dev.berth.host.Rights;
import dev.berth.model.HealthCheckSpec;
import dev.berth.model.HealthReading;
import dev.berth.model.HealthReading.Verdict;
import dev.berth.model.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Passes on a queue of virtual time, as the loop makes them. */
class HealthMonitorTest {
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
    private static final ServiceKey SHOP = new ServiceKey("default", "shop");
    private static final ServiceKey OTHER = new ServiceKey("default", "other");
    private static final HealthCheck.Context NOTHING =
            new HealthCheck.Context(Map.of(), Optional.empty(), Optional.of(Rights.OWN), OptionalInt.empty());

    private Duration now = Duration.ZERO;
    private Duration usual = Duration.ofSeconds(10);
    private final WorkQueue<WorkKey> queue = new WorkQueue<>(
            () -> now.toNanos(), new SplittableRandom(1), 1000, Duration.ofMillis(50), Duration.ofSeconds(10));
    private final List<WorkKey> enqueued = new ArrayList<>();
    private final TreeMap<Duration, List<HealthCheckSpec>> asked = new TreeMap<>();
    private final Deque<Runnable> started = new ArrayDeque<>();
    /** Asked for by the monitor. */
    private int healthPasses;

    /** What the service answers now. */
    private Supplier<Result> answer = () -> new Result(true, "200", Duration.ofMillis(3));

    private HealthMonitor monitor = monitor(Runnable::run);

    private HealthMonitor monitor(Executor executor) {
        HealthCheck scripted = new HealthCheck() {
            @Override
            public String kind() {
                return "scripted";
            }

            @Override
            public Result check(HealthCheckSpec spec, Context context) {
                asked.computeIfAbsent(now, time -> new ArrayList<>()).add(spec);
                return answer.get();
            }
        };
        return new HealthMonitor(
                Map.of("scripted", scripted),
                () -> usual,
                executor,
                () -> START.plus(now),
                () -> now.toNanos(),
                new SplittableRandom(7),
                key -> {
                    if (key instanceof WorkKey.OfHealth) {
                        healthPasses++;
                        queue.add(key);
                    } else {
                        enqueued.add(key);
                    }
                });
    }

    private static HealthCheckSpec spec(String kind, int failures) {
        return new HealthCheckSpec(
                kind,
                "target",
                Optional.empty(),
                Duration.ofSeconds(2),
                Duration.ZERO,
                failures,
                1,
                Optional.empty(),
                Optional.empty());
    }

    private static HealthCheckSpec every(Duration interval) {
        return new HealthCheckSpec(
                "scripted",
                "target",
                Optional.of(interval),
                Duration.ofSeconds(2),
                Duration.ZERO,
                3,
                1,
                Optional.empty(),
                Optional.empty());
    }

    private void watch(ServiceKey key, String launch) {
        monitor.watch(key, launch, spec("scripted", 3), NOTHING);
    }

    /** Makes all passes that come within this time. */
    private void pass(Duration time) {
        Duration end = now.plus(time);
        while (queue.untilNext()
                .filter(left -> now.plus(left).compareTo(end) <= 0)
                .isPresent()) {
            now = now.plus(queue.untilNext().orElseThrow());
            WorkKey key = queue.poll().orElseThrow();
            monitor.run().ifPresent(delay -> queue.addAfter(key, delay));
            queue.done(key);
        }
        now = end;
    }

    private Optional<Verdict> verdict(String launch) {
        return monitor.reading(SHOP, launch).map(HealthReading::verdict);
    }

    private void fail() {
        answer = () -> new Result(false, "503", Duration.ofMillis(1));
    }

    private void work() {
        answer = () -> new Result(true, "200", Duration.ofMillis(3));
    }

    @Test
    void aServiceThatWorksAtOncePassesAtOnce() {
        watch(SHOP, "first");
        assertThat(monitor.reading(SHOP, "first")).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(monitor.reading(SHOP, "first"))
                .contains(new HealthReading(Verdict.PASSING, "200", Duration.ofMillis(3), START, 1));
        assertThat(enqueued).containsExactly(WorkKey.service(SHOP));
    }

    @Test
    void untilItHasPassedChecksComeFastAndThenAtItsInterval() {
        fail();
        watch(SHOP, "first");
        pass(Duration.ofSeconds(20));
        List<Long> gaps = gaps();
        assertThat(gaps.get(0)).isEqualTo(50);
        assertThat(gaps).isSorted().endsWith(1000L, 1000L, 1000L);
        assertThat(enqueued).as("two failures are too few at the declared pace").isEmpty();

        work();
        pass(Duration.ofSeconds(1));
        assertThat(verdict("first")).contains(Verdict.PASSING);
        asked.clear();
        pass(Duration.ofMinutes(10));
        assertThat(gaps()).hasSizeBetween(58, 60).allMatch(gap -> gap == 10_000);
        assertThat(asked.firstKey())
                .as("the first full interval is cut short by chance")
                .isLessThanOrEqualTo(Duration.ofSeconds(32));
    }

    private List<Long> gaps() {
        List<Duration> times = List.copyOf(asked.keySet());
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < times.size(); i++) {
            gaps.add(times.get(i).minus(times.get(i - 1)).toMillis());
        }
        return gaps;
    }

    @Test
    void aShortIntervalIsNeverExceeded() {
        fail();
        HealthCheckSpec often = every(Duration.ofMillis(100));
        monitor.watch(SHOP, "first", often, NOTHING);
        pass(Duration.ofSeconds(2));
        assertThat(gaps()).allMatch(gap -> gap <= 100);
        assertThat(verdict("first")).contains(Verdict.FAILING);
    }

    @Test
    void whatFailsAfterThresholdIsEnqueuedOnceAndOnceWhenItWorksAgain() {
        watch(SHOP, "first");
        pass(Duration.ofSeconds(15));
        enqueued.clear();
        fail();
        pass(Duration.ofMinutes(5));
        assertThat(monitor.reading(SHOP, "first")).hasValueSatisfying(reading -> {
            assertThat(reading.verdict()).isEqualTo(Verdict.FAILING);
            assertThat(reading.detail()).isEqualTo("503");
            assertThat(reading.inARow()).isGreaterThan(20);
            assertThat(reading.at()).isAfter(START.plusSeconds(290));
        });
        assertThat(enqueued).containsExactly(WorkKey.service(SHOP));
        work();
        pass(Duration.ofSeconds(10));
        assertThat(verdict("first")).contains(Verdict.PASSING);
        assertThat(enqueued).containsExactly(WorkKey.service(SHOP), WorkKey.service(SHOP));
    }

    @Test
    void watchingTheSameAgainChangesNothing() {
        watch(SHOP, "first");
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            watch(SHOP, "first");
            pass(Duration.ofMillis(1));
        }
        assertThat(asked).hasSize(1);
        assertThat(verdict("first")).contains(Verdict.PASSING);
    }

    @Test
    void anotherLaunchOrAnotherCheckBeginsAnew() {
        watch(SHOP, "first");
        pass(Duration.ofSeconds(1));
        fail();
        watch(SHOP, "second");
        assertThat(verdict("first")).isEmpty();
        assertThat(verdict("second")).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(verdict("second")).contains(Verdict.UNDECIDED);
        monitor.watch(SHOP, "second", spec("scripted", 1), NOTHING);
        assertThat(verdict("second")).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(verdict("second")).contains(Verdict.FAILING);
        assertThat(monitor.recent(SHOP)).as("what was measured stays").hasSize(3);
    }

    @Test
    void whatIsNoLongerWatchedIsForgotten() {
        watch(SHOP, "first");
        pass(Duration.ofSeconds(1));
        monitor.unwatch(SHOP);
        asked.clear();
        pass(Duration.ofMinutes(1));
        assertThat(asked).isEmpty();
        assertThat(verdict("first")).isEmpty();
        assertThat(monitor.recent(SHOP)).isEmpty();
        assertThat(queue.untilNext()).isEmpty();
    }

    @Test
    void theLatestResultsAreKept() {
        watch(SHOP, "first");
        pass(Duration.ofMinutes(60));
        assertThat(monitor.recent(SHOP))
                .hasSize(60)
                .isSortedAccordingTo((one, other) -> one.at().compareTo(other.at()))
                .allMatch(sample -> sample.healthy() && sample.took().equals(Duration.ofMillis(3)))
                .last()
                .matches(sample -> sample.at().isAfter(START.plus(Duration.ofMinutes(59))));
    }

    @Test
    void servicesThatStartTogetherAreNotCheckedTogether() {
        for (int i = 0; i < 100; i++) {
            watch(new ServiceKey("default", "shop-" + i), "first");
        }
        pass(Duration.ofSeconds(1));
        asked.clear();
        pass(Duration.ofMinutes(5));
        assertThat(asked.values().stream().mapToInt(List::size).sum()).isBetween(2900, 3500);
        long most = asked.entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getKey().toSeconds(),
                        Collectors.summingInt(entry -> entry.getValue().size())))
                .values()
                .stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow();
        assertThat(most).as("checks in one second, of twenty at every other").isLessThan(45);
    }

    @Test
    void thoseThatAreCheckedAboutTheSameTimeAreCheckedTogether() {
        for (int i = 0; i < 100; i++) {
            watch(new ServiceKey("default", "shop-" + i), "first");
            pass(Duration.ofMillis(37));
        }
        pass(Duration.ofSeconds(20));
        asked.clear();
        int asksBefore = healthPasses;

        pass(Duration.ofSeconds(40));

        // Four hundred checks, at no more than one moment of every two seconds.
        assertThat(asked.values().stream().mapToInt(List::size).sum()).isEqualTo(400);
        assertThat(asked).hasSizeLessThanOrEqualTo(20);
        assertThat(healthPasses).as("none asks for a pass, as nothing changes").isEqualTo(asksBefore);
    }

    @Test
    void aShortIntervalIsKeptExactly() {
        HealthCheckSpec everySecond = every(Duration.ofSeconds(1));
        monitor.watch(SHOP, "first", everySecond, NOTHING);
        monitor.watch(OTHER, "first", every(Duration.ofMillis(300)), NOTHING);
        pass(Duration.ofSeconds(3));
        asked.clear();

        pass(Duration.ofMinutes(1));

        asked.values().forEach(specs -> specs.removeIf(spec -> !spec.equals(everySecond)));
        asked.values().removeIf(List::isEmpty);
        assertThat(gaps()).hasSizeBetween(58, 60).allMatch(gap -> gap == 1000);
    }

    @Test
    void thoseThatAPauseBroughtTogetherPartAgain() {
        for (int i = 0; i < 100; i++) {
            watch(new ServiceKey("default", "shop-" + i), "first");
        }
        pass(Duration.ofSeconds(30));
        now = now.plus(Duration.ofHours(8));
        pass(Duration.ofSeconds(1));
        asked.clear();

        pass(Duration.ofSeconds(60));

        assertThat(asked.values()).allMatch(specs -> specs.size() < 45);
        assertThat(asked.values().stream().mapToInt(List::size).sum()).isBetween(550, 700);
    }

    /** The tasks that were given to the executor, each on its own. */
    private int carryOutAll() {
        int count = 0;
        while (!started.isEmpty()) {
            started.remove().run();
            count++;
        }
        return count;
    }

    /** Two services that have passed, and are due again at the same time. */
    private void twoThatPassed() {
        checksTakeTheirTime();
        for (ServiceKey key : List.of(SHOP, OTHER)) {
            monitor.watch(key, "first", every(Duration.ofNanos(10)), NOTHING);
        }
        pass(Duration.ofNanos(1));
        assertThat(carryOutAll())
                .as("threads for two checks of which nothing is known")
                .isEqualTo(2);
        asked.clear();
        now = now.plus(Duration.ofSeconds(1));
        monitor.run();
    }

    @Test
    void quickChecksThatAreDueTogetherShareAThread() {
        twoThatPassed();

        assertThat(carryOutAll()).isEqualTo(1);

        assertThat(asked.values().stream().mapToInt(List::size).sum()).isEqualTo(2);
    }

    @Test
    void whoSharesAThreadWithAHangingCheckGetsAnother() {
        twoThatPassed();
        Runnable hanging = started.remove();
        answer = () -> {
            answer = () -> new Result(true, "200", Duration.ofMillis(3));
            now = now.plus(HealthThreads.PATIENCE);
            assertThat(monitor.run()).isPresent();
            assertThat(started).as("a thread for the other one").hasSize(1);
            started.remove().run();
            assertThat(results()).as("it did not wait").isEqualTo(3);
            return new Result(true, "late", Duration.ofSeconds(1));
        };

        hanging.run();

        assertThat(results()).isEqualTo(4);
    }

    @Test
    void aCheckThatEndsByAnErrorHasFailedAndTheNextOneComes() {
        checksTakeTheirTime();
        watch(SHOP, "first");
        pass(Duration.ofMillis(1));
        answer = () -> {
            throw new AssertionError("a plugin's own");
        };

        assertThatThrownBy(this::carryOutAll).isInstanceOf(AssertionError.class);

        assertThat(monitor.recent(SHOP)).singleElement().matches(sample -> !sample.healthy());
        work();
        pass(Duration.ofSeconds(1));
        assertThat(carryOutAll()).isPositive();
        assertThat(verdict("first")).contains(Verdict.PASSING);
    }

    @Test
    void whereTheSystemGivesNoThreadTheNextOneIsTried() {
        AtomicBoolean exhausted = new AtomicBoolean(true);
        monitor = monitor(task -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        });
        for (ServiceKey key : List.of(SHOP, OTHER)) {
            monitor.watch(key, "first", spec("scripted", 3), NOTHING);
        }
        pass(Duration.ofMillis(1));
        assertThat(results()).isZero();
        exhausted.set(false);
        pass(Duration.ofSeconds(5));

        assertThat(verdict("first")).contains(Verdict.PASSING);
        assertThat(monitor.recent(OTHER)).isNotEmpty();
    }

    private int results() {
        return monitor.recent(SHOP).size() + monitor.recent(OTHER).size();
    }

    @Test
    void aShorterSettingHoldsAtOnce() {
        usual = Duration.ofHours(1);
        watch(SHOP, "first");
        pass(Duration.ofSeconds(1));
        usual = Duration.ofSeconds(5);
        watch(SHOP, "first");
        asked.clear();
        pass(Duration.ofSeconds(30));
        assertThat(asked).hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void aKeyThatTheFullQueueRefusedIsFoundByTheNextWatch() {
        watch(SHOP, "first");
        WorkKey lost = queue.poll().orElseThrow();
        queue.done(lost);
        now = now.plusSeconds(2);
        watch(SHOP, "first");
        pass(Duration.ofMillis(1));
        assertThat(verdict("first")).contains(Verdict.PASSING);
    }

    @Test
    void aPluginThatThrowsIsAnUnhealthyServiceAndNamesNoClass() {
        List<Supplier<Result>> broken = List.of(
                () -> {
                    throw new IllegalStateException("no such table");
                },
                () -> {
                    throw new NullPointerException("Cannot invoke \"plugin.Mine.x()\"");
                },
                () -> {
                    throw new NoClassDefFoundError("plugin/Missing");
                },
                () -> null,
                () -> new Result(false, null, null));
        for (int i = 0; i < broken.size(); i++) {
            answer = broken.get(i);
            monitor.watch(SHOP, "launch " + i, spec("scripted", 1), NOTHING);
            pass(Duration.ofMillis(1));
            assertThat(monitor.reading(SHOP, "launch " + i)).hasValueSatisfying(reading -> {
                assertThat(reading.verdict()).isEqualTo(Verdict.FAILING);
                assertThat(reading.detail())
                        .startsWith("the check \"scripted\" broke off")
                        .doesNotContain("plugin");
            });
        }
        assertThat(monitor.recent(SHOP)).hasSize(broken.size());
        answer = broken.get(0);
        watch(SHOP, "again");
        pass(Duration.ofMillis(1));
        assertThat(monitor.reading(SHOP, "again").orElseThrow().detail()).contains("no such table");
    }

    @Test
    void aKindThatIsGoneIsUnhealthy() {
        monitor.watch(SHOP, "first", spec("moon-phase", 1), NOTHING);
        pass(Duration.ofMillis(1));
        assertThat(monitor.reading(SHOP, "first").orElseThrow().detail())
                .contains("there is no health check \"moon-phase\"");
    }

    @Test
    void whatIsSaidBecomesOneShortLine() {
        answer = () -> new Result(true, "\u001b[31mred\nline " + "x".repeat(500), Duration.ZERO);
        watch(SHOP, "first");
        pass(Duration.ofMillis(1));
        assertThat(monitor.reading(SHOP, "first").orElseThrow().detail())
                .startsWith("[31mred line xxx")
                .hasSize(200);
    }

    private void checksTakeTheirTime() {
        monitor = monitor(started::add);
    }

    @Test
    void aPassNeverWaitsAndACheckIsNeverMadeTwiceAtOnce() {
        checksTakeTheirTime();
        watch(SHOP, "first");
        pass(Duration.ofSeconds(2));
        watch(SHOP, "first");
        pass(Duration.ofMillis(500));
        assertThat(started).hasSize(1);
        started.remove().run();
        assertThat(verdict("first")).contains(Verdict.PASSING);
        pass(Duration.ofSeconds(11));
        assertThat(started).as("and goes on").hasSize(1);
    }

    @Test
    void aResultOfAnOlderLaunchIsDropped() {
        checksTakeTheirTime();
        watch(SHOP, "first");
        pass(Duration.ofMillis(1));
        watch(SHOP, "second");
        pass(Duration.ofMillis(1));
        assertThat(started).as("one at a time").hasSize(1);
        started.remove().run();
        assertThat(verdict("first")).isEmpty();
        assertThat(verdict("second")).isEmpty();
        assertThat(monitor.recent(SHOP)).isEmpty();
        pass(Duration.ofMillis(1));
        started.remove().run();
        assertThat(verdict("second")).contains(Verdict.PASSING);
    }

    @Test
    void aCheckThatHangsForEverIsAFailureAndTakesNobodysPlace() {
        checksTakeTheirTime();
        watch(SHOP, "first");
        pass(Duration.ofSeconds(45));
        assertThat(started).hasSize(1);
        assertThat(monitor.reading(SHOP, "first")).hasValueSatisfying(reading -> {
            assertThat(reading.verdict()).isEqualTo(Verdict.FAILING);
            assertThat(reading.detail()).contains("hangs");
        });
        started.remove().run();
        assertThat(verdict("first")).as("too late to count").contains(Verdict.FAILING);
        pass(Duration.ofSeconds(2));
        started.remove().run();
        assertThat(verdict("first")).contains(Verdict.PASSING);
    }

    @Test
    void onlySoManyAreCheckedAtOnceAndTheOthersFollow() {
        checksTakeTheirTime();
        for (int i = 0; i < 100; i++) {
            watch(new ServiceKey("default", "shop-" + i), "first");
        }
        pass(Duration.ofMillis(10));
        int atOnce = started.size();
        assertThat(atOnce).isBetween(2, 64);
        int done = 0;
        while (!started.isEmpty()) {
            assertThat(started).hasSizeLessThanOrEqualTo(atOnce);
            started.remove().run();
            done++;
            pass(Duration.ofNanos(1));
        }
        assertThat(done).isEqualTo(100);
        assertThat(healthPasses)
                .as("each once, and once more for those that waited")
                .isLessThanOrEqualTo(200);
    }

    @Test
    void aPlaceThatIsOfferedInVainIsOfferedToTheNext() {
        checksTakeTheirTime();
        for (int i = 0; i < 100; i++) {
            watch(new ServiceKey("default", "shop-" + i), "first");
        }
        pass(Duration.ofMillis(10));
        int atOnce = started.size();
        started.remove().run();
        // A place was offered to the next in turn, and before it is taken nobody wants it any more.
        monitor.unwatch(new ServiceKey("default", "shop-" + atOnce));

        pass(Duration.ofMillis(10));

        assertThat(started).hasSize(atOnce);
    }

    @Test
    void hangingPluginsDontStopOthers() {
        checksTakeTheirTime();
        for (int i = 0; i < 100; i++) {
            watch(new ServiceKey("default", "stuck-" + i), "first");
        }
        pass(Duration.ofSeconds(30));
        assertThat(started).hasSize(100);
        watch(SHOP, "first");
        pass(Duration.ofMillis(1));
        started.removeLast().run();
        assertThat(verdict("first")).contains(Verdict.PASSING);
    }

    @Test
    void whileBerthClosesNothingIsChecked() {
        monitor = monitor(check -> {
            throw new RejectedExecutionException("closed");
        });
        watch(SHOP, "first");
        pass(Duration.ofSeconds(1));
        assertThat(verdict("first")).isEmpty();
    }
}
