package dev.berth.logs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Reads logs from their end, across rotated files, as lines that a terminal can show: see {@link LineSplitter} for what
 * becomes of long lines, escape sequences and bytes that are no UTF-8. Safe for use by many threads.
 */
public final class LogReader {
    /** Who wants more wants the files. */
    public static final int MOST_LINES = 100_000;

    public static final int DEFAULT_LINES = 100;

    /** What is told of a log where only a glance fits, in a condition or a history: {@link #excerpt}. */
    public static final int EXCERPT_LINES = 10;

    /** Characters of each line of an excerpt. */
    public static final int EXCERPT_WIDTH = 300;

    /** How far back lines are sought: as much as the default limits keep, and a second's reading. */
    static final long FARTHEST = 64L << 20;

    /** Characters of an answer, which is put together in memory; 100 000 lines of the usual length. */
    public static final long HEAVIEST = 16L << 20;

    /** Longer lines are cut: nobody reads them, and each reader keeps one. In bytes, so never more characters. */
    public static final int WIDEST = 16 * 1024;

    /** The first look back; each further one goes four times as far, so that all looks together read little twice. */
    private static final long FIRST_LOOK = 64 << 10;

    private static final int WIDER = 4;

    /** Before every position: a log's oldest bytes may lie before the first look at it. */
    public static final long EVERYTHING = Long.MIN_VALUE;

    private final LogPositions positions;

    /** @param positions the rotation's too */
    public LogReader(LogPositions positions) {
        this.positions = positions;
    }

    /**
     * Which lines are wanted.
     *
     * @param last how many, from 0 to {@link #MOST_LINES}
     * @param errors only lines that tell of an error, with their stack traces
     */
    public record Selection(int last, boolean errors) {
        public Selection {
            if (last < 0 || last > MOST_LINES) {
                throw new IllegalArgumentException("from 0 to " + MOST_LINES + " lines, not " + last);
            }
        }

        Supplier<Predicate<String>> filter() {
            return errors ? ErrorLines::new : () -> line -> true;
        }
    }

    /** The last lines, the oldest first; none when there is no log. A last line without an end is one too. */
    public List<String> tail(Path log, int lines) throws IOException {
        return tail(log, new Selection(lines, false));
    }

    /** The last lines that are wanted; fewer when they lie farther back than {@link #FARTHEST} or are too much for one answer. */
    public List<String> tail(Path log, Selection wanted) throws IOException {
        return lines(read(log, wanted, EVERYTHING), wanted.last());
    }

    private static List<String> lines(Tail tail, int most) {
        List<String> lines = new ArrayList<>(tail.lines());
        tail.splitter().rest().filter(tail.filter()).ifPresent(lines::add);
        return lines.size() > most ? lines.subList(lines.size() - most, lines.size()) : lines;
    }

    /** The position behind what was written so far, by which {@link #excerpt} leaves that out; 0 when there is no log. */
    public long end(Path log) throws IOException {
        LogPositions.Origin origin = positions.of(log);
        origin.lock().readLock().lock();
        try {
            return Segments.of(new LogFiles(log), origin).end();
        } finally {
            origin.lock().readLock().unlock();
        }
    }

    /**
     * The last lines for a condition or a history: {@link #EXCERPT_LINES}, each of {@link #EXCERPT_WIDTH} characters at most.
     *
     * @param since a position before which nothing is wanted; {@link #EVERYTHING} for all
     */
    public List<String> excerpt(Path log, long since) throws IOException {
        return lines(read(log, new Selection(EXCERPT_LINES, false), since), EXCERPT_LINES).stream()
                .map(line -> line.length() <= EXCERPT_WIDTH ? line : line.substring(0, EXCERPT_WIDTH - 1) + "…")
                .toList();
    }

    /** The last lines and then new ones as they come; nothing is left out or told twice in between. */
    public LogFollower follow(Path log, Selection wanted) throws IOException {
        return new LogFollower(new LogFiles(log), positions.of(log), read(log, wanted, EVERYTHING), true);
    }

    /** The last lines as they are now, piece by piece. */
    public LogFollower once(Path log, Selection wanted) throws IOException {
        return new LogFollower(new LogFiles(log), positions.of(log), read(log, wanted, EVERYTHING), false);
    }

    /**
     * The end of a log.
     *
     * @param lines whole ones
     * @param splitter holds the line that has no end yet
     * @param filter knows whether a stack trace goes on
     * @param end the position in the stream up to which was read
     */
    record Tail(List<String> lines, LineSplitter splitter, Predicate<String> filter, long end) {}

    private Tail read(Path log, Selection wanted, long since) throws IOException {
        LogPositions.Origin origin = positions.of(log);
        origin.lock().readLock().lock();
        try {
            Segments segments = Segments.of(new LogFiles(log), origin);
            long look = FIRST_LOOK;
            long start = Math.max(since, segments.start());
            Last last = lookBack(segments, start, look, wanted);
            while (!last.isFull() && look < FARTHEST && segments.end() - look > start) {
                look = Math.min(FARTHEST, look * WIDER);
                last = lookBack(segments, start, look, wanted);
            }
            return new Tail(last.lines(), last.splitter, last.filter, segments.end());
        } finally {
            origin.lock().readLock().unlock();
        }
    }

    private static Last lookBack(Segments segments, long start, long bytes, Selection wanted) throws IOException {
        long from = segments.end() - bytes;
        // One byte earlier: when that ends a line, the next one is whole.
        boolean amidst = from - 1 > start;
        Last last = new Last(wanted, amidst);
        segments.read(amidst ? from - 1 : start, segments.end(), last);
        return last;
    }

    /** Keeps the last lines of those that come. */
    private static final class Last implements Segments.Sink {
        private final LineSplitter splitter = new LineSplitter();
        private final Predicate<String> filter;
        private final ArrayDeque<String> lines = new ArrayDeque<>();
        private final int most;
        private boolean amidst;
        private boolean overfull;
        private long characters;

        /** @param amidst the first line is the end of one */
        Last(Selection wanted, boolean amidst) {
            this.filter = wanted.filter().get();
            this.most = wanted.last();
            this.amidst = amidst;
        }

        @Override
        public void take(byte[] bytes, int count) {
            splitter.feed(bytes, count, this::add);
        }

        private void add(String line) {
            if (amidst) {
                amidst = false;
                return;
            }
            if (!filter.test(line)) {
                return;
            }
            lines.add(line);
            characters += line.length();
            while (lines.size() > most || characters > HEAVIEST) {
                characters -= lines.remove().length();
                overfull = true;
            }
        }

        boolean isFull() {
            return overfull || lines.size() == most;
        }

        List<String> lines() {
            return List.copyOf(lines);
        }
    }
}
