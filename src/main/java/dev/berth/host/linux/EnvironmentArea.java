package dev.berth.host.linux;

/** What the kernel says about the memory that a process's environment is in, as told by {@code /proc/PID/stat} (proc(5)). */
enum EnvironmentArea {
    /** There is something to read. */
    FILLED,
    /** The program was given no variables; kernel threads have none either. */
    EMPTY,
    /** Who reads may not know. */
    UNTOLD,
    /** The program is being loaded. */
    NOT_YET_BUILT,
    /** The process, or its first thread, is at its end. */
    TAKEN_DOWN;

    /**
     * Fields 26, 50 and 51 of the manual, counted from the state, which is its field 3. The kernel notes where the code of a
     * program is after all of its variables are in place; meanwhile their area is shown as empty, too.
     */
    private static final int CODE = 23;

    private static final int START = 47;

    private static final int END = 48;

    /** What stands there for who may not know. */
    private static final String SECRET_CODE = "1";

    /**
     * @throws IllegalArgumentException when the text is no such line
     */
    static EnvironmentArea of(String text) {
        ProcStat stat = ProcStat.parse(text);
        if (stat.isKernelThread()) {
            return EMPTY;
        }
        if (stat.isExiting()) {
            return TAKEN_DOWN;
        }
        String[] fields = text.substring(text.lastIndexOf(')') + 1).trim().split(" ");
        if (fields.length <= END || fields[CODE].equals("0")) {
            return NOT_YET_BUILT;
        }
        if (fields[CODE].equals(SECRET_CODE)) {
            return UNTOLD;
        }
        return fields[START].equals(fields[END]) ? EMPTY : FILLED;
    }
}
