package dev.berth.host.linux;

import java.util.Optional;

/**
 * The environment of a process as others see it. While a process executes another program (exec), it shows none for a moment,
 * which must not be taken for a process without variables: a member of a service would look like a stranger.
 */
sealed interface Environment {
    /**
     * Where something is there to be read and nothing comes, so often it is tried again: a program may have been loaded just now, and
     * another one be loaded by the next try.
     */
    int FILLED_TRIES = 10;

    /** Its variables, parted by NUL; it may have none. */
    record Variables(String all) implements Environment {}

    /** There is no such process, or this user may not know. */
    record Hidden() implements Environment {}

    /**
     * It has none to show, which says nothing of what it is: it is executing a program, for longer than was waited for, or it is on
     * its way out, or its first thread has ended before the others.
     */
    record Passing() implements Environment {}

    /** The variables, parted by NUL. */
    default Optional<String> text() {
        return this instanceof Variables variables ? Optional.of(variables.all()) : Optional.empty();
    }

    /**
     * Reads it, and waits where another program is just being executed.
     *
     * @param process its directory below {@code /proc}
     * @param limit where the rest is left out, in bytes
     * @param wait what the look that this belongs to has left for waiting
     * @throws CallException for what is no matter of this process, such as no descriptors left
     */
    static Environment read(String process, int limit, ExecWait wait) throws CallException {
        try {
            int filled = 0;
            do {
                String text = FileText.read(process + "/environ", limit);
                if (!text.isEmpty()) {
                    return new Variables(text);
                }
                EnvironmentArea area = EnvironmentArea.of(FileText.read(process + "/stat", limit));
                switch (area) {
                    case EMPTY -> {
                        return new Variables("");
                    }
                    case UNTOLD -> {
                        return new Hidden();
                    }
                    case TAKEN_DOWN -> {
                        return new Passing();
                    }
                    case FILLED -> filled++;
                    case NOT_YET_BUILT -> filled = 0;
                }
                if (filled == FILLED_TRIES) {
                    // It keeps its memory to itself.
                    return new Hidden();
                }
            } while (wait.pause());
            return new Passing();
        } catch (CallException e) {
            return switch (e.errno()) {
                case Errno.ENOENT, Errno.ESRCH, Errno.EACCES, Errno.EPERM -> new Hidden();
                default -> throw e;
            };
        }
    }
}
