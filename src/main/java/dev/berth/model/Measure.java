package dev.berth.model;

/**
 * One thing that is measured of a service again and again. What processes use is that of all its processes together; a rate is
 * the mean since the look before.
 */
public enum Measure {
    /** Cores in use: 0.5 is half a core. */
    CPU(1, "cpu", "cores", 10_000, false),
    /** In RAM. */
    MEMORY(2, "memory", "bytes", 1, false),
    THREADS(3, "threads", "count", 100, false),
    OPEN_FILES(4, "openFiles", "count", 100, false),
    /** Of connections that it accepted, as many as were open at a look. */
    CONNECTIONS(5, "connections", "count", 100, true),
    RECEIVED(6, "bytesInPerSecond", "bytes per second", 10, true),
    SENT(7, "bytesOutPerSecond", "bytes per second", 10, true),
    /** How long good answers to its health check took. */
    RESPONSE_TIME(8, "responseTime", "seconds", 1_000_000, false),
    /** Automatic ones in a row, as its status counts them. */
    RESTARTS(9, "restarts", "count", 100, false),
    /** 1 while a process of it runs, else 0: its mean is the share of looks. */
    UP(10, "up", "share", 10_000, false),
    /** 1 while it is Ready, else 0. */
    READY(11, "ready", "share", 10_000, false);

    private final int code;
    private final String label;
    private final String unit;
    private final int steps;
    private final boolean atLeast;

    Measure(int code, String label, String unit, int steps, boolean atLeast) {
        this.code = code;
        this.label = label;
        this.unit = unit;
        this.steps = steps;
        this.atLeast = atLeast;
    }

    /** What stands for it in stored rows; never another one's. */
    public int code() {
        return code;
    }

    /** As clients know it. */
    public String label() {
        return label;
    }

    public String unit() {
        return unit;
    }

    /** How many steps of what is stored make one unit; finer differences are not kept. */
    public int steps() {
        return steps;
    }

    /** Whether the true value may be higher: what came and went between two looks was missed. */
    public boolean isAtLeast() {
        return atLeast;
    }
}
