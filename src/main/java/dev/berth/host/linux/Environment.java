package dev.berth.host.linux;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The environment of a process as others see it. While a process executes another program (exec), it shows none for a moment,
 * which must not be taken for a process without variables: a member of a service would look like a stranger.
 */
sealed interface Environment {
    /** The kernel is between two programs for some 20 µs; longer only where others have its processor. */
    Duration PAUSE = Duration.ofNanos(50_000);

    /** Together with the reads between them 50 ms or so: more than the turns of a busy machine take. */
    int TRIES = 500;

    /** Its variables, parted by NUL; it may have none. */
    record Variables(String all) implements Environment {}

    /** There is no such process, or this user may not know. */
    record Hidden() implements Environment {}

    /** It has none at the moment, which says nothing for later: it is executing a program, or its first thread has ended. */
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
     * @throws CallException for what is no matter of this process, such as no descriptors left
     */
    static Environment read(String process, int limit) throws CallException {
        try {
            for (int tries = 0; tries < TRIES; tries++) {
                String text = FileText.read(process + "/environ", limit);
                if (!text.isEmpty()) {
                    return new Variables(text);
                }
                EnvironmentArea area = EnvironmentArea.of(FileText.read(process + "/stat", limit));
                switch (area) {
                    case EMPTY -> {
                        return new Variables("");
                    }
                    case TAKEN_DOWN -> {
                        return new Passing();
                    }
                    case FILLED, NOT_YET_BUILT -> LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
            return new Passing();
        } catch (CallException e) {
            return switch (e.errno()) {
                case Errno.ENOENT, Errno.ESRCH, Errno.EACCES, Errno.EPERM -> new Hidden();
                default -> throw e;
            };
        }
    }
}
