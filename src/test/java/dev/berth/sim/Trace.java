package dev.berth.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What happened, in order: the last lines for people, and a hash of all of them to compare runs by. */
final class Trace {
    private static final int KEPT = 60;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final Deque<String> last = new ArrayDeque<>();
    private LongSupplier clock = () -> 0;
    private long hash = FNV_OFFSET;
    private long lines;
    private Consumer<String> reader = line -> {};

    /** Every line goes there as well, as it is written. */
    void tell(Consumer<String> everyLine) {
        reader = everyLine;
    }

    void useClock(LongSupplier monotonic) {
        clock = monotonic;
    }

    void add(String what, String detail) {
        String line = clock.getAsLong() / 1000 + " " + what + " " + detail;
        for (int i = 0; i < line.length(); i++) {
            hash = (hash ^ line.charAt(i)) * FNV_PRIME;
        }
        lines++;
        reader.accept(line);
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(line);
    }

    long hash() {
        return hash;
    }

    long lines() {
        return lines;
    }

    List<String> tail() {
        return List.copyOf(last);
    }
}
