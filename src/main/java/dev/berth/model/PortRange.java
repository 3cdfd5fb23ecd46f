package dev.berth.model;

import java.util.stream.IntStream;

/** An inclusive range of port numbers. */
public record PortRange(int first, int last) {
    public PortRange {
        Ports.requireValid(first);
        Ports.requireValid(last);
        if (first > last) {
            throw new IllegalArgumentException("a port range goes upward, not from " + first + " to " + last);
        }
    }

    public boolean contains(int port) {
        return port >= first && port <= last;
    }

    public int size() {
        return last - first + 1;
    }

    public IntStream ports() {
        return IntStream.rangeClosed(first, last);
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
