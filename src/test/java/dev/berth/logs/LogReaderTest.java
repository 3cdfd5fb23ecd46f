package dev.berth.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogReaderTest {
    private final LogReader reader = new LogReader(new LogPositions());

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
    void noLogHasNoLines() throws IOException {
        assertThat(reader.tail(log, 10)).isEmpty();
        assertThat(reader.tail(directory.resolve("nowhere/backend.log"), 10)).isEmpty();
        Files.writeString(log, "");
        assertThat(reader.tail(log, 10)).isEmpty();
    }

    @Test
    void theLastLinesComeInOrderAndAnUnfinishedOneIsALineToo() throws IOException {
        Files.writeString(log, "one\ntwo\n\nthree\nfour");
        assertThat(reader.tail(log, 3)).containsExactly("", "three", "four");
        assertThat(reader.tail(log, 1)).containsExactly("four");
        assertThat(reader.tail(log, 100)).containsExactly("one", "two", "", "three", "four");
    }

    @Test
    void whatALinkLeadsToIsNoLog() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "root's own\n");
        Files.createSymbolicLink(log, secret);
        assertThatThrownBy(() -> reader.tail(log, 10)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> reader.follow(log, new LogReader.Selection(10, false)))
                .isInstanceOf(IOException.class);
        Files.delete(log);
        Files.writeString(log, "mine\n");
        Files.createSymbolicLink(files.rotated(1), secret);
        assertThatThrownBy(() -> reader.tail(log, 10)).isInstanceOf(IOException.class);
    }

    @Test
    void linesGoOnFromFileToFile() throws IOException {
        Files.writeString(files.rotated(2), "one\ntw");
        Files.writeString(files.rotated(1), "o\nthr");
        Files.writeString(log, "ee\nfour\n");
        assertThat(reader.tail(log, 100)).containsExactly("one", "two", "three", "four");
        assertThat(reader.tail(log, 2)).containsExactly("three", "four");
    }

    /** Around the sizes at which it has to look farther back. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 5461, 5462, 20_000, 100_000})
    void asManyAsAreWantedWhereverTheyLie(int wanted) throws IOException {
        List<String> all = IntStream.range(0, 120_000)
                .mapToObj(each -> "line " + (1_000_000 + each))
                .toList();
        List<List<String>> parts =
                List.of(all.subList(0, 50_000), all.subList(50_000, 119_990), all.subList(119_990, 120_000));
        Files.write(files.rotated(2), parts.get(0));
        Files.write(files.rotated(1), parts.get(1));
        Files.write(log, parts.get(2));
        assertThat(reader.tail(log, wanted)).isEqualTo(all.subList(all.size() - wanted, all.size()));
    }

    @Test
    void linesAreNotSoughtForEver() throws IOException {
        Files.writeString(files.rotated(2), "first\n");
        try (SeekableByteChannel sparse =
                Files.newByteChannel(files.rotated(1), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            sparse.position(LogReader.FARTHEST).write(StandardCharsets.US_ASCII.encode("\nlast of old\n"));
        }
        Files.writeString(log, "newest\n");
        assertThat(reader.tail(log, 100)).containsExactly("last of old", "newest");
    }

    @Test
    void oneAnswerHoldsOnlySoMuch() throws IOException {
        String line = "y".repeat(LogReader.WIDEST - 1);
        Files.writeString(log, (line + "\n").repeat(1500));
        List<String> lines = reader.tail(log, 1500);
        assertThat(lines.stream().mapToLong(String::length).sum())
                .isLessThanOrEqualTo(LogReader.HEAVIEST)
                .isGreaterThan(LogReader.HEAVIEST - LogReader.WIDEST);
    }

    @Test
    void aVeryLongLineIsCutAndSaysSo() throws IOException {
        Files.writeString(log, "before\n" + "ä".repeat(LogReader.WIDEST) + "\nafter\n");
        assertThat(reader.tail(log, 3))
                .containsExactly("before", "ä".repeat(LogReader.WIDEST / 2 - 1) + " … [32768 bytes, cut]", "after");
    }

    @Test
    void bytesThatAreNoTextAreReplaced() throws IOException {
        Files.write(log, new byte[] {'a', (byte) 0xFF, 'b', '\n', (byte) 0xC3, '\n', 0, 0, 'c', '\n'});
        assertThat(reader.tail(log, 3)).containsExactly("a�b", "�", "c");
    }

    @Test
    void nothingReachesTheTerminalButTextAndTabs() throws IOException {
        Files.writeString(
                log,
                "\u001B[1;31mred\u001B[0m and \u001B[38:2::1:2:3mpink\u001B[m\n"
                        + "\u001B]0;title\u0007shown\u001B]8;;http://x\u001B\\link\u001B]8;;\u001B\\\n"
                        + "clear\u001B[2J\u001Bc\u009B31mscreen\u001B(B\n"
                        + "10%\r20%\r\n"
                        + "a\tb\bc\u0007\n"
                        + "broken \u001B[31");
        assertThat(reader.tail(log, 10))
                .containsExactly("red and pink", "shownlink", "clearscreen", "10% 20%", "a\tbc", "broken ");
    }

    @Test
    void errorsComeWithTheirTraces() throws IOException {
        Files.writeString(log, """
                INFO starting
                ERROR it broke
                \tat dev.berth.A.b(A.java:3)
                Caused by: java.io.IOException: disk
                \t... 12 more
                INFO going on
                   indented, but of no error
                FATAL end""");
        assertThat(reader.tail(log, new LogReader.Selection(100, true)))
                .containsExactly(
                        "ERROR it broke",
                        "\tat dev.berth.A.b(A.java:3)",
                        "Caused by: java.io.IOException: disk",
                        "\t... 12 more",
                        "FATAL end");
        assertThat(reader.tail(log, new LogReader.Selection(2, true))).containsExactly("\t... 12 more", "FATAL end");
    }

    @Test
    void rareErrorsAreFoundFarBack() throws IOException {
        String quiet = IntStream.range(0, 30_000)
                .mapToObj(each -> "all is well " + each + "\n")
                .collect(Collectors.joining());
        Files.writeString(files.rotated(2), "ERROR first\n" + quiet);
        Files.writeString(files.rotated(1), quiet + "ERROR second\n");
        Files.writeString(log, quiet);
        assertThat(reader.tail(log, new LogReader.Selection(5, true))).containsExactly("ERROR first", "ERROR second");
    }

    @Test
    void anExcerptIsShort() throws IOException {
        Files.writeString(log, ("z".repeat(500) + "\n").repeat(20));
        assertThat(reader.excerpt(log, LogReader.EVERYTHING))
                .hasSize(LogReader.EXCERPT_LINES)
                .allMatch(line -> line.equals("z".repeat(LogReader.EXCERPT_WIDTH - 1) + "…"));
    }

    @Test
    void anExcerptLeavesOutWhatWasThereBefore() throws IOException {
        assertThat(reader.end(log)).isZero();
        Files.writeString(log, "bind: address already in use\n");
        long start = reader.end(log);
        assertThat(reader.excerpt(log, start)).isEmpty();
        Files.writeString(log, "no such table\nbye", StandardOpenOption.APPEND);

        assertThat(reader.excerpt(log, start)).containsExactly("no such table", "bye");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 100_001})
    void theNumberOfLinesIsBounded(int wanted) {
        assertThatThrownBy(() -> reader.tail(log, wanted)).isInstanceOf(IllegalArgumentException.class);
    }
}
