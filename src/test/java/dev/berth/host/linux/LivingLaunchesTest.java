package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.testing.Children;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LivingLaunchesTest {
    private final Children children = new Children();
    private final AtomicLong nanos = new AtomicLong();

    @BeforeAll
    static void linux() {
        Tools.requireLinux();
    }

    @AfterEach
    void end() {
        children.close();
    }

    @Test
    void whoIsSettledIsNotAskedAgainAndStillMissedWhenItEnds() throws Exception {
        try (LivingLaunches launches = new LivingLaunches(nanos::get)) {
            Process child = children.start(Children.IDLE, Map.of("BERTH_LAUNCH", "settled"));
            await().until(() -> launches.look().orElseThrow().contains("settled"));
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());

            assertThat(launches.look().orElseThrow()).contains("settled");
            Children.end(child);

            assertThat(launches.look().orElseThrow()).doesNotContain("settled");
        }
    }

    @Test
    void whereThereAreTooManyProcessesItSaysNothingAndKeepsNoDescriptor() throws Exception {
        long before = pidfds();
        try (LivingLaunches launches = new LivingLaunches(nanos::get, 1)) {
            assertThat(launches.look()).isEmpty();
            assertThat(pidfds()).isLessThanOrEqualTo(before);
        }
    }

    @Test
    void itKeepsADescriptorForEachUntilItIsClosed() throws Exception {
        LivingLaunches launches = new LivingLaunches(nanos::get);
        Process child = children.start(Children.IDLE);
        launches.look();
        assertThat(descriptorsOf(child.pid())).isEqualTo(1);

        launches.close();

        assertThat(descriptorsOf(child.pid())).isZero();
    }

    /** Of this program, of any process. */
    private static long pidfds() {
        return pidfdInfos().count();
    }

    private static long descriptorsOf(long pid) {
        return pidfdInfos()
                .filter(info -> info.lines().anyMatch(("Pid:\t" + pid)::equals))
                .count();
    }

    private static Stream<String> pidfdInfos() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fdinfo"))) {
            return descriptors
                    .map(LivingLaunchesTest::text)
                    .filter(info -> info.contains("\nPid:\t"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty for one that was closed meanwhile. */
    private static String text(Path descriptor) {
        try {
            return Files.readString(descriptor);
        } catch (IOException gone) {
            return "";
        }
    }
}
