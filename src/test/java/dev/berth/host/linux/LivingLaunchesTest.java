package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.testing.Children;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LivingLaunchesTest {
    /** What the kernel writes for a descriptor whose process is gone. */
    private static final long NOBODY = -1;

    private static final long NONE_IS_SETTLED = 0;
    private static final long ALL_ARE_SETTLED = Long.MAX_VALUE;

    private final Children children = new Children();

    @TempDir
    Path directory;

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
        try (LivingLaunches launches = new LivingLaunches()) {
            Children.Ready child = children.startReady(List.of(
                    "env",
                    "BERTH_LAUNCH=first",
                    "sh",
                    "-c",
                    "echo ready; read -r line; exec env BERTH_LAUNCH=later sleep 1000"));
            assertThat(launches.look(NONE_IS_SETTLED).orElseThrow()).contains("first");
            assertThat(launches.look(ALL_ARE_SETTLED).orElseThrow()).contains("first");

            child.process().getOutputStream().write('\n');
            child.process().getOutputStream().flush();
            await().until(() -> Files.readString(
                            Path.of("/proc/" + child.process().pid() + "/comm"))
                    .equals("sleep\n"));

            assertThat(launches.look(ALL_ARE_SETTLED).orElseThrow())
                    .contains("first")
                    .doesNotContain("later");
            Children.end(child.process());
            assertThat(launches.look(ALL_ARE_SETTLED).orElseThrow()).doesNotContain("first", "later");
        }
    }

    @Test
    void whoIsYoungIsAskedAgain() throws Exception {
        try (LivingLaunches launches = new LivingLaunches()) {
            Children.Ready child = children.startReady(
                    List.of("sh", "-c", "echo ready; read -r line; exec env BERTH_LAUNCH=later sleep 1000"));
            assertThat(launches.look(NONE_IS_SETTLED).orElseThrow()).doesNotContain("later");

            child.process().getOutputStream().write('\n');
            child.process().getOutputStream().flush();

            await().until(() -> launches.look(NONE_IS_SETTLED).orElseThrow().contains("later"));
        }
    }

    @Test
    void aProgramsOwnMarkerIsNotAskedForAgainHoweverYoungItIs() throws Exception {
        try (LivingLaunches launches = new LivingLaunches()) {
            Children.Ready child = children.startReady(List.of(
                    "env", "BERTH_LAUNCH=mine", "sh", "-c", "echo ready; read -r line; exec env -i sleep 1000"));
            assertThat(launches.look(NONE_IS_SETTLED).orElseThrow()).contains("mine");

            goOn(child.process());
            await().until(() -> comm(child.process().pid()).equals("sleep"));

            assertThat(launches.look(NONE_IS_SETTLED).orElseThrow()).contains("mine");
        }
    }

    /** Between fork and exec, and where the JDK starts a program by way of its helper. */
    @Test
    void aParentsMarkerIsNotTakenForItsOwn() throws Exception {
        Path helper = Files.createSymbolicLink(directory.resolve("jspawnhelper"), Tools.require("sh"));
        String program = "read -r line; exec env BERTH_LAUNCH=%s sleep 1000";
        for (String own : List.of("forked", "helped")) {
            String begin =
                    (own.equals("forked") ? "{ " + program + "; }" : helper + " -c '" + program + "'").formatted(own)
                            + " <&3 & echo ready; wait";
            try (LivingLaunches launches = new LivingLaunches()) {
                Children.Ready child =
                        children.startReady(List.of("env", "BERTH_LAUNCH=parents", "sh", "-c", "exec 3<&0; " + begin));
                await().until(() -> child.process().children().count() == 1);
                long pid = child.process().children().findAny().orElseThrow().pid();
                await().until(() -> own.equals("forked") || comm(pid).equals("jspawnhelper"));
                assertThat(launches.look(NONE_IS_SETTLED).orElseThrow())
                        .contains("parents")
                        .doesNotContain(own);

                goOn(child.process());

                await().until(() -> launches.look(NONE_IS_SETTLED).orElseThrow().contains(own));
            }
        }
    }

    private static void goOn(Process process) throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    private static String comm(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
    }

    @Test
    void whereThereAreTooManyProcessesItSaysNothingAndKeepsNoDescriptor() throws Exception {
        AtomicInteger most = new AtomicInteger(Integer.MAX_VALUE);
        try (LivingLaunches launches = new LivingLaunches(most::get)) {
            Process child = children.start(Children.IDLE);
            assertThat(launches.look(NONE_IS_SETTLED)).isPresent();
            assertThat(descriptorsOf(child.pid())).isEqualTo(1);
            most.set(1);

            assertThat(launches.look(NONE_IS_SETTLED)).isEmpty();

            assertThat(descriptorsOf(child.pid())).isZero();
        }
    }

    @Test
    void whoHasEndedCostsNoDescriptor() throws Exception {
        try (LivingLaunches launches = new LivingLaunches()) {
            Process child = children.start(Children.IDLE);
            launches.look(NONE_IS_SETTLED);
            assertThat(descriptorsOf(child.pid())).isEqualTo(1);

            Children.end(child);
            long ended = descriptorsOf(NOBODY);
            assertThat(ended).isPositive();
            launches.look(NONE_IS_SETTLED);

            assertThat(descriptorsOf(NOBODY)).isLessThan(ended);
        }
    }

    @Test
    void itKeepsADescriptorForEachUntilItIsClosed() throws Exception {
        LivingLaunches launches = new LivingLaunches();
        Process child = children.start(Children.IDLE);
        launches.look(NONE_IS_SETTLED);
        assertThat(descriptorsOf(child.pid())).isEqualTo(1);

        launches.close();

        assertThat(descriptorsOf(child.pid())).isZero();
        assertThat(launches.look(NONE_IS_SETTLED)).isEmpty();
    }

    @Test
    void theKernelTellsHowManyDescriptorsThereMayBe() throws Exception {
        String line = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(each -> each.startsWith("Max open files"))
                .findFirst()
                .orElseThrow();

        assertThat(line.split(" +")[3]).isEqualTo(Long.toString(FileCalls.mostDescriptors()));
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
