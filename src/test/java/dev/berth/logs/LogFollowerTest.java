package dev.berth.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.host.linux.FileHead;
import dev.berth.logs.LogReader.Selection;
import dev.berth.testing.Children;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogFollowerTest {
    private static final LogRotation.Limits LIMITS = new LogRotation.Limits(64 * 1024, 5);

    private final LogPositions positions = new LogPositions();
    private final LogReader reader = new LogReader(positions);
    private final LogRotation rotation =
            new LogRotation(positions, FileHead::collapse, LogRotation.OWNER_ONLY_DIRECTORY);

    @TempDir
    Path directory;

    private Path log;

    @BeforeEach
    void name() {
        log = directory.resolve("backend.log");
    }

    @Test
    void theLastLinesFirstThenNewOnes() throws IOException {
        append("one\ntwo\nthr");
        LogFollower follower = reader.follow(log, new Selection(1, false));
        assertThat(follower.next()).containsExactly("two");
        assertThat(follower.next()).isEmpty();
        append("ee\nfour\n");
        assertThat(follower.next()).containsExactly("three", "four");
        append("the end");
        assertThat(follower.next()).isEmpty();
        assertThat(follower.rest()).containsExactly("the end");
    }

    @Test
    void aLogThatComesLater() throws IOException {
        LogFollower follower = reader.follow(log, new Selection(10, false));
        assertThat(follower.next()).isEmpty();
        append("hello\n");
        assertThat(follower.next()).containsExactly("hello");
    }

    @Test
    void everyLineOnceWhileAServiceWritesAndItsLogIsRotated() throws IOException {
        List<String> told = new ArrayList<>();
        LogFollower follower = reader.follow(log, new Selection(10, false));
        // So many files that the writer can't outrun the reader by all of them.
        LogRotation.Limits limits = new LogRotation.Limits(64 * 1024, LogFiles.MOST);
        try (Children children = new Children()) {
            Process writer = NumberedLines.start(children, log);
            for (int rotations = 0; rotations < 20; ) {
                rotations += rotation.check(log, limits) ? 1 : 0;
                told.addAll(drain(follower));
            }
            Children.end(writer);
        }
        told.addAll(drain(follower));
        assertThat(told).hasSizeGreaterThan(100_000);
        assertThat(NumberedLines.firstOutOfOrder(told)).isEmpty();
    }

    @Test
    void whoWasSlowGetsWhatIsInRotatedFilesStill() throws IOException {
        append("first\n");
        LogFollower follower = reader.follow(log, new Selection(10, false));
        follower.next();
        String all = numbered(1, 40_000);
        append(all);
        rotation.check(log, LIMITS);
        append("last\n");
        assertThat(drain(follower)).isEqualTo((all + "last\n").lines().toList());
    }

    @Test
    void whoWasTooSlowIsToldWhatIsLost() throws IOException {
        append("first\n");
        LogFollower follower = reader.follow(log, new Selection(10, false));
        follower.next();
        append(numbered(1, 200_000));
        rotation.check(log, LIMITS);
        List<String> lines = drain(follower);
        assertThat(lines.get(0)).matches("\\[berth: \\d+ bytes were rotated away before they could be sent]");
        assertThat(lines).endsWith("199999", "200000").hasSizeLessThan(100_000);
    }

    @Test
    void theFallbackIsFollowedToo() throws IOException {
        LogRotation fallback = new LogRotation(positions, HeadRemoval.NONE, LogRotation.OWNER_ONLY_DIRECTORY);
        append("first\n");
        LogFollower follower = reader.follow(log, new Selection(10, false));
        String all = numbered(1, 40_000);
        append(all);
        fallback.check(log, LIMITS);
        append("last\n");
        assertThat(drain(follower))
                .isEqualTo(("first\n" + all + "last\n").lines().toList());
    }

    @Test
    void anEmptiedOrReplacedFileIsReadFromItsBeginning() throws IOException {
        append("a long first line\n");
        LogFollower follower = reader.follow(log, new Selection(10, false));
        follower.next();
        Files.write(log, new byte[0]);
        append("anew\n");
        assertThat(follower.next()).containsExactly("anew");
        Files.delete(log);
        assertThat(follower.next()).isEmpty();
        append("again\n");
        assertThat(follower.next()).containsExactly("again");
    }

    @Test
    void errorsOnlyAndTheirTracesAsTheyCome() throws IOException {
        append("ERROR first\n");
        LogFollower follower = reader.follow(log, new Selection(10, true));
        assertThat(follower.next()).containsExactly("ERROR first");
        append("\tat a line of its trace\n");
        assertThat(follower.next()).containsExactly("\tat a line of its trace");
        append(numbered(1, 30_000) + "\tindented\n");
        assertThat(drain(follower)).isEmpty();
        append("FATAL second\n");
        assertThat(follower.next()).containsExactly("FATAL second");
    }

    @Test
    void aLongTailComesInParts() throws IOException {
        append(numbered(1, 50_000));
        LogFollower follower = reader.follow(log, new Selection(40_000, false));
        assertThat(follower.next()).hasSizeBetween(1, 30_000).startsWith("10001");
        assertThat(drain(follower)).endsWith("49999", "50000");
    }

    private static List<String> drain(LogFollower follower) throws IOException {
        List<String> all = new ArrayList<>();
        List<String> lines = follower.next();
        while (!lines.isEmpty()) {
            all.addAll(lines);
            lines = follower.next();
        }
        return all;
    }

    private void append(String text) throws IOException {
        Files.write(log, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(each -> each + "\n").collect(Collectors.joining());
    }
}
