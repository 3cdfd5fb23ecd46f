package dev.berth.model;

import java.util.Set;

/** Facts about port numbers that hold on every machine. */
public final class Ports {
    public static final int MIN = 1;
    public static final int MAX = 65535;

    /** The lowest port that Berth chooses by itself; below it a bind usually needs a privilege. */
    public static final int LOWEST_CHOSEN = 1024;

    /**
     * Ports that browsers refuse to open ("bad ports" of the Fetch standard), from {@link #LOWEST_CHOSEN} up. A user may
     * name one; Berth never chooses one.
     */
    public static final Set<Integer> REFUSED_BY_BROWSERS = Set.of(
            1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
            10080);

    private Ports() {}

    public static boolean isValid(long number) {
        return number >= MIN && number <= MAX;
    }

    /** Returns the number, or throws with a sentence for a person. */
    public static int requireValid(int number) {
        if (!isValid(number)) {
            throw new IllegalArgumentException("a port is a number from 1 to 65535, not " + number);
        }
        return number;
    }
}
