package dev.berth.logs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One reader of a log: the last lines first, then new ones as they come, across rotation, truncation and the
 * file's disappearing. Holds no file open. For one thread.
 */
public final class LogFollower {
    /** Bytes of one {@link #next}: an answer's chunk. */
    private static final int CHUNK = 64 << 10;

    /** Bytes that one {@link #next} looks through for a line that is wanted, so that others get their turn. */
    private static final int FARTHEST = 1 << 20;

    private final LogFiles files;
    private final LogPositions.Origin origin;
    private final Predicate<String> filter;
    private final boolean stays;
    private List<String> backlog;
    private LineSplitter splitter;
    private long position;

    /** @param stays whether new lines are wanted */
    LogFollower(LogFiles files, LogPositions.Origin origin, LogReader.Tail tail, boolean stays) {
        this.files = files;
        this.origin = origin;
        this.filter = tail.filter();
        this.backlog = tail.lines();
        this.splitter = tail.splitter();
        this.position = tail.end();
        this.stays = stays;
    }

    /** The next lines, at most about a chunk of them; none when there are none now. */
    public List<String> next() throws IOException {
        if (!backlog.isEmpty()) {
            return takeOfBacklog();
        }
        return stays ? read() : List.of();
    }

    /** Whether some of the last lines are still to be taken, and kept until then. */
    public boolean hasBacklog() {
        return !backlog.isEmpty();
    }

    /** The last line where it has no end: when no more will come. */
    public List<String> rest() {
        return splitter.rest().filter(filter).map(List::of).orElseGet(List::of);
    }

    private List<String> takeOfBacklog() {
        int taken = 0;
        int characters = 0;
        while (taken < backlog.size() && characters < CHUNK) {
            characters += backlog.get(taken).length();
            taken++;
        }
        List<String> lines = List.copyOf(backlog.subList(0, taken));
        // Not a view: what was sent need not be kept.
        backlog = List.copyOf(backlog.subList(taken, backlog.size()));
        return lines;
    }

    private List<String> read() throws IOException {
        List<String> lines = new ArrayList<>();
        origin.lock().readLock().lock();
        try {
            long end = origin.removed() + files.size();
            if (end == position) {
                return lines;
            }
            if (end < position) {
                startAnew();
            }
            Segments segments = Segments.of(files, origin);
            if (position < segments.start()) {
                lines.add(lost(segments.start() - position));
                splitter = new LineSplitter();
                position = segments.start();
            }
            long farthest = Math.min(segments.end(), position + FARTHEST);
            while (lines.isEmpty() && position < farthest) {
                long to = Math.min(farthest, position + CHUNK);
                segments.read(position, to, (bytes, count) -> splitter.feed(bytes, count, line -> keep(line, lines)));
                position = to;
            }
            return lines;
        } finally {
            origin.lock().readLock().unlock();
        }
    }

    private void keep(String line, List<String> lines) {
        if (filter.test(line)) {
            lines.add(line);
        }
    }

    /** Somebody has emptied the file, or put another in its place: what it has now is new. */
    private void startAnew() {
        splitter = new LineSplitter();
        position = origin.removed();
    }

    private static String lost(long bytes) {
        return "[berth: " + bytes + " bytes were rotated away before they could be sent]";
    }
}
