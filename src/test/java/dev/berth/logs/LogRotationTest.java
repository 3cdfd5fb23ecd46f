package dev.berth.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.host.linux.FileHead;
import dev.berth.testing.Children;
import dev.berth.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class LogRotationTest {
    private static final int ROTATIONS = 20;
    private static final int KILO = 1024;
    private static final LogRotation.Limits LIMITS = new LogRotation.Limits(64 * KILO, 5);

    @TempDir
    Path directory;

    private Path log;
    private LogFiles files;

    @BeforeEach
    void name() {
        log = directory.resolve("backend.log");
        files = new LogFiles(log);
    }

    @Test
    void noLineIsLostOrDoubledWhileTheServiceWritesOn() throws Exception {
        needCollapse();
        LogRotation rotation = rotation(FileHead::collapse);
        try (Children children = new Children()) {
            Process writer = NumberedLines.start(children, log);
            rotateTwentyTimes(rotation, new LogRotation.Limits(64 * KILO, LogFiles.MOST));
            Children.end(writer);
        }
        List<String> lines = content().lines().toList();
        assertThat(lines).hasSizeGreaterThan(ROTATIONS * 64 * KILO / 8);
        assertThat(NumberedLines.firstOutOfOrder(lines)).isEmpty();
    }

    @Test
    void whereHeadsCantBeTakenAwayLinesStayWholeAndInOrder() throws Exception {
        LogRotation rotation = rotation(HeadRemoval.NONE);
        try (Children children = new Children()) {
            Process writer = NumberedLines.start(children, log);
            // Few enough that nothing is dropped for its size.
            rotateTwentyTimes(rotation, new LogRotation.Limits(64 * KILO, LogFiles.MOST));
            Children.end(writer);
        }
        List<Integer> numbers = content().lines().map(Integer::valueOf).toList();
        assertThat(numbers).isSorted().doesNotHaveDuplicates().startsWith(1, 2, 3);
        // What the cuts lost is less than what they kept, even where this process was held up at the worst moment.
        assertThat(numbers).hasSizeGreaterThan(numbers.get(numbers.size() - 1) / 2);
    }

    @Test
    void withoutAWriterTheFallbackLosesNothing() throws Exception {
        String text = numbered(1, 20_000);
        Files.writeString(log, text);
        assertThat(rotation(HeadRemoval.NONE).check(log, LIMITS)).isTrue();
        assertThat(log).isEmptyFile();
        assertThat(files.rotated(1)).hasContent(text);
        append("more\n");
        assertThat(content()).isEqualTo(text + "more\n");
    }

    @Test
    void aSmallLogIsLeftAlone() throws Exception {
        LogRotation rotation = rotation(HeadRemoval.NONE);
        assertThat(rotation.check(log, LIMITS)).as("no log yet").isFalse();
        Files.writeString(log, "hello\n");
        assertThat(rotation.check(log, LIMITS)).isFalse();
        assertThat(names()).containsExactly("backend.log");
    }

    @Test
    void theOldestGoes() throws Exception {
        needCollapse();
        LogRotation rotation = rotation(FileHead::collapse);
        StringBuilder all = new StringBuilder();
        for (int round = 0; round < 9; round++) {
            String text = numbered(round * 10_000 + 10_000, round * 10_000 + 20_000);
            all.append(text);
            append(text);
            rotation.check(log, LIMITS);
        }
        assertThat(names())
                .containsExactly(
                        "backend.log",
                        "backend.log.1",
                        "backend.log.2",
                        "backend.log.3",
                        "backend.log.4",
                        "backend.log.5");
        assertThat(all.toString()).endsWith(content());
        assertThat(content().length()).isGreaterThan(5 * 60 * KILO).isLessThan(6 * 65 * KILO);
    }

    @Test
    void fewerFilesAreKeptAfterTheSettingWasLowered() throws Exception {
        theOldestGoes();
        append(numbered(1, 20_000));
        rotation(FileHead::collapse).check(log, new LogRotation.Limits(64 * KILO, 2));
        assertThat(names()).containsExactly("backend.log", "backend.log.1", "backend.log.2");
    }

    @Test
    void whatGrewForDaysIsBoundedAtOnce() throws Exception {
        for (HeadRemoval removal : List.of(HeadRemoval.NONE, removal())) {
            Files.deleteIfExists(log);
            String text = numbered(1_000_000, 1_600_000);
            append(text);
            rotation(removal).check(log, LIMITS);
            assertThat(content().length()).isGreaterThan(4 * 64 * KILO).isLessThan(7 * 64 * KILO);
            assertThat(text).endsWith(content());
            for (Path each : files.rotated()) {
                Files.delete(each);
            }
        }
    }

    @Test
    void aCrashBeforeTheHeadWasTakenLosesNothing() throws Exception {
        String text = numbered(1, 20_000);
        Files.writeString(log, text);
        assertThatThrownBy(() -> rotation((file, bytes) -> {
                            throw new IOException("killed");
                        })
                        .check(log, LIMITS))
                .hasMessage("killed");
        assertThat(files.head()).exists();
        rotation(HeadRemoval.NONE).check(log, LIMITS);
        assertThat(content()).isEqualTo(text);
        assertThat(files.head()).doesNotExist();
    }

    @Test
    void aCrashAfterTheHeadWasTakenLosesNothing() throws Exception {
        needCollapse();
        String text = numbered(1, 20_000);
        Files.writeString(log, text);
        Files.writeString(files.rotated(1), "older\n");
        assertThatThrownBy(() -> rotation((file, bytes) -> {
                            FileHead.collapse(file, bytes);
                            throw new IOException("killed");
                        })
                        .check(log, LIMITS))
                .hasMessage("killed");
        append("newer\n");
        rotation(HeadRemoval.NONE).check(log, LIMITS);
        assertThat(content()).isEqualTo("older\n" + text + "newer\n");
    }

    @Test
    void aCrashAmidstTheRenamingLosesNothing() throws Exception {
        Files.writeString(log, "five\n");
        Files.writeString(files.head(), "four\n");
        Files.writeString(files.rotated(2), "three\n");
        Files.writeString(files.rotated(3), "two\n");
        Files.writeString(files.copying(), "half of someth");
        rotation(HeadRemoval.NONE).check(log, LIMITS);
        assertThat(files.rotated(1)).hasContent("four\n");
        assertThat(content()).isEqualTo("two\nthree\nfour\nfive\n");
        assertThat(names()).containsExactly("backend.log", "backend.log.1", "backend.log.2", "backend.log.3");
    }

    @Test
    void nobodyElseMayReadThem() throws Exception {
        Path own = Files.createDirectory(directory.resolve("logs"));
        log = own.resolve("backend.log");
        files = new LogFiles(log);
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(log, numbered(1, 30_000));
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r--r--"));
        rotation(removal()).check(log, LIMITS);
        assertThat(Files.getPosixFilePermissions(own)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        for (Path file : List.of(log, files.rotated(1))) {
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAUserSaidStaysThatUsersAlone(boolean collapse) throws Exception {
        Tools.requireRoot();
        append("x".repeat(64 * KILO));
        Files.setAttribute(log, "unix:uid", 70_001);
        LogRotation rotation = new LogRotation(
                new LogPositions(), collapse ? FileHead::collapse : HeadRemoval.NONE, LogRotation.OPEN_DIRECTORY);

        assertThat(rotation.check(log, new LogRotation.Limits(16 * KILO, 3))).isTrue();

        for (Path file : List.of(log, files.rotated(1))) {
            assertThat(Files.getAttribute(file, "unix:uid")).as(file.toString()).isEqualTo(70_001);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void whatIsNoPlainFileIsLeftAloneAndTold() throws Exception {
        Path other = Files.writeString(directory.resolve("other"), numbered(1, 20_000));
        Files.createSymbolicLink(log, other);
        assertThatThrownBy(() -> rotation(removal()).check(log, LIMITS)).hasMessageContaining("not a plain file");
        assertThat(Files.size(other)).isGreaterThan(64 * KILO);
    }

    private static LogRotation rotation(HeadRemoval removal) {
        return new LogRotation(new LogPositions(), removal, LogRotation.OWNER_ONLY_DIRECTORY);
    }

    private void rotateTwentyTimes(LogRotation rotation, LogRotation.Limits limits) throws IOException {
        for (int done = 0; done < ROTATIONS; ) {
            if (rotation.check(log, limits)) {
                done++;
            }
        }
    }

    /** Elsewhere than on ext4 or xfs the fallback is what there is. */
    private HeadRemoval removal() {
        return FileHead::collapse;
    }

    private void needCollapse() throws IOException {
        Tools.requireLinux();
        Path probe = Files.write(directory.resolve("probe"), new byte[256 * KILO]);
        assumeTrue(
                FileHead.collapse(probe, 64 * KILO),
                "this test needs a file system that takes heads away (ext4, xfs) under the temporary directory");
        assertThat(probe).hasSize(192 * KILO);
        Files.delete(probe);
    }

    /** All files, the oldest first. */
    private String content() throws IOException {
        List<Path> all = new ArrayList<>(files.rotated());
        Collections.reverse(all);
        all.add(log);
        StringBuilder text = new StringBuilder();
        for (Path each : all) {
            text.append(Files.readString(each));
        }
        return text.toString();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> there = Files.list(directory)) {
            return there.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    private void append(String text) throws IOException {
        Files.write(log, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(each -> each + "\n").collect(Collectors.joining());
    }
}
