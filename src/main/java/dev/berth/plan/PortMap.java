package dev.berth.plan;

import dev.berth.model.Ports;
import java.util.OptionalInt;

/**
 * Which ports of one protocol are taken, one bit each. To find the first free one among sixty thousand takes a look at a
 * thousand words, whoever has the others. Not for several threads at once.
 */
public final class PortMap {
    private static final int WORDS = (Ports.MAX >>> 6) + 1;

    private final long[] words = new long[WORDS];

    public void add(int port) {
        words[port >>> 6] |= 1L << port;
    }

    public void remove(int port) {
        words[port >>> 6] &= ~(1L << port);
    }

    public boolean contains(int port) {
        return (words[port >>> 6] & (1L << port)) != 0;
    }

    /** The first port from {@code from} to {@code to}, both included, that is in none of the maps. */
    public static OptionalInt firstFree(int from, int to, PortMap... taken) {
        if (from > to) {
            return OptionalInt.empty();
        }
        int last = to >>> 6;
        for (int word = from >>> 6; word <= last; word++) {
            long free = -1L;
            for (PortMap each : taken) {
                free &= ~each.words[word];
            }
            if (word == from >>> 6) {
                free &= -1L << from;
            }
            if (free != 0) {
                int port = (word << 6) + Long.numberOfTrailingZeros(free);
                return port <= to ? OptionalInt.of(port) : OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }
}
