package dev.berth.host.linux;

import dev.berth.host.ExitStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code /proc/PID/stat}, as far as Berth needs it (proc(5)).
 *
 * @param comm the short name; it may hold spaces, parentheses and line ends
 * @param tty device number of the controlling terminal; 0 means none
 * @param flags the kernel's {@code PF_*} bits
 * @param cpuTicks clock ticks that it was on a CPU, in user mode and in the kernel
 * @param childrenCpuTicks the same of its children that ended and that it waited for, and of theirs
 * @param threads threads that are left; a leader that ended before its threads has state Z and more than one
 * @param startTicks start of the process in clock ticks since boot
 * @param stackStart where its stack begins: elsewhere with each program that it executes, as the kernel draws it by lot; 0
 *     where this user may not know
 * @param ended how it ended; empty unless it is a zombie and the kernel tells this user
 */
record ProcStat(
        long pid,
        String comm,
        char state,
        long parent,
        long processGroup,
        long session,
        long tty,
        long flags,
        long cpuTicks,
        long childrenCpuTicks,
        long threads,
        long startTicks,
        long stackStart,
        Optional<ExitStatus> ended) {
    /** The kernel's own threads carry this bit whatever they call themselves. */
    private static final long PF_KTHREAD = 0x0020_0000;

    /** Forked, and still what its parent is. */
    private static final long PF_FORKNOEXEC = 0x40;

    /** On its way out; of a process, as its first thread tells it. */
    private static final long PF_EXITING = 0x4;

    /** Index of the fields after the name, the state being 0; the manual counts it as field 3. */
    private static final int PARENT = 1;

    private static final int PROCESS_GROUP = 2;
    private static final int SESSION = 3;
    private static final int TTY = 4;
    private static final int FLAGS = 6;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int CHILDREN_USER_TICKS = 13;
    private static final int CHILDREN_SYSTEM_TICKS = 14;
    private static final int THREADS = 17;
    private static final int START_TICKS = 19;
    private static final int STACK_START = 25;
    /** 1 for a process that doesn't run, and 0 where the reader may not know; since Linux 5.16, before that always 0 for zombies. */
    private static final int WAITS = 32;

    private static final int EXIT_CODE = 49;
    private static final int DECIMAL = 10;

    /**
     * The name is everything between the first and the last parenthesis: nothing after it can hold one.
     *
     * @throws IllegalArgumentException when the text is no such line
     */
    static ProcStat parse(String text) {
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        if (open < 2 || close < open) {
            throw malformed(text, null);
        }
        Fields fields = new Fields(text, close + 1);
        try {
            char state = fields.state();
            return new ProcStat(
                    Long.parseLong(text, 0, open - 1, DECIMAL),
                    text.substring(open + 1, close),
                    state,
                    fields.number(PARENT),
                    fields.number(PROCESS_GROUP),
                    fields.number(SESSION),
                    fields.number(TTY),
                    fields.number(FLAGS),
                    fields.number(USER_TICKS) + fields.number(SYSTEM_TICKS),
                    fields.number(CHILDREN_USER_TICKS) + fields.number(CHILDREN_SYSTEM_TICKS),
                    fields.number(THREADS),
                    fields.number(START_TICKS),
                    fields.number(STACK_START),
                    state == 'Z' ? ended(text.substring(close + 1).trim().split(" ")) : Optional.empty());
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw malformed(text, e);
        }
    }

    /** Goes through the fields once, from the first on: this runs for every process of the machine. */
    private static final class Fields {
        private final String text;
        private int index = -1;
        private int start;
        private int end;

        /** @param end where the field before the first ends */
        Fields(String text, int end) {
            this.text = text;
            this.end = end;
        }

        char state() {
            next();
            if (end - start != 1) {
                throw new NumberFormatException("a state of " + (end - start) + " letters");
            }
            return text.charAt(start);
        }

        /** @param wanted more than the last that was asked for */
        long number(int wanted) {
            while (index < wanted) {
                next();
            }
            return Long.parseLong(text, start, end, DECIMAL);
        }

        private void next() {
            start = end + 1;
            int space = text.indexOf(' ', start);
            end = space < 0 ? text.stripTrailing().length() : space;
            index++;
        }
    }

    /** Who may not know reads an exit code of 0 whatever it was: that is only believed where another field shows that he may. */
    private static Optional<ExitStatus> ended(String[] fields) {
        if (!fields[THREADS].equals("1") || fields.length <= EXIT_CODE) {
            return Optional.empty();
        }
        int code = Integer.parseInt(fields[EXIT_CODE]);
        return code != 0 || fields[WAITS].equals("1") ? Optional.of(WaitStatus.of(code)) : Optional.empty();
    }

    /** Stopped by a signal, as Ctrl-Z does; not by a debugger. */
    boolean isSuspended() {
        return state == 'T';
    }

    /** Ended, waiting for its parent to notice. Holds no descriptor any more. */
    boolean isZombie() {
        return (state == 'Z' || state == 'X' || state == 'x') && threads <= 1;
    }

    boolean isKernelThread() {
        return (flags & PF_KTHREAD) != 0;
    }

    /** Has it become a program of its own since it was forked? */
    boolean hasExecuted() {
        return (flags & PF_FORKNOEXEC) == 0;
    }

    /** Its memory may be gone already; a process whose first thread ended before the others stays so. */
    boolean isExiting() {
        return (flags & PF_EXITING) != 0;
    }

    private static IllegalArgumentException malformed(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException("not a line of /proc/PID/stat: \"" + text + "\"", cause);
    }
}
