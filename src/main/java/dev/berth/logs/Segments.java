package dev.berth.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A log's files as one stream. Made and used while the log's lock is held.
 *
 * @param files the oldest first, each where the one before it ends
 */
record Segments(List<Segment> files) {
    private static final int BUFFER = 1 << 16;

    /** @param start the position of its first byte in the stream */
    private record Segment(Path file, long start, long length) {
        long end() {
            return start + length;
        }
    }

    /** Takes bytes, {@code count} of them from the first. */
    @FunctionalInterface
    interface Sink {
        void take(byte[] bytes, int count);
    }

    /** All of them. */
    static Segments of(LogFiles files, LogPositions.Origin origin) throws IOException {
        Deque<Segment> all = new ArrayDeque<>();
        long start = origin.removed();
        all.add(new Segment(files.live(), start, files.size()));
        for (Path file : files.rotated()) {
            long length = Files.size(file);
            start -= length;
            all.addFirst(new Segment(file, start, length));
        }
        return new Segments(List.copyOf(all));
    }

    /** The position of the oldest byte that is kept. */
    long start() {
        return files.get(0).start();
    }

    /** The position behind the newest byte. */
    long end() {
        return files.get(files.size() - 1).end();
    }

    /** Reads from one position to another, both within the stream; less where somebody else has just cut a file. */
    void read(long from, long to, Sink sink) throws IOException {
        for (Segment each : files) {
            if (each.end() > from && each.start() < to) {
                read(
                        each.file(),
                        Math.max(from, each.start()) - each.start(),
                        Math.min(to, each.end()) - each.start(),
                        sink);
            }
        }
    }

    private static void read(Path file, long from, long to, Sink sink) throws IOException {
        try (FileChannel channel = LogFiles.open(file)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, to - from));
            long at = from;
            while (at < to) {
                int read = channel.read(buffer.clear().limit((int) Math.min(buffer.capacity(), to - at)), at);
                if (read <= 0) {
                    return;
                }
                sink.take(buffer.array(), read);
                at += read;
            }
        } catch (NoSuchFileException gone) {
            // Somebody has just taken it away: it has nothing to say.
            return;
        }
    }
}
