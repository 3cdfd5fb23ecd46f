package dev.berth.host;

import dev.berth.model.ProcessRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs short commands for their answer. Safe for use by many threads. */
public interface CommandRunner extends AutoCloseable {
    /**
     * Runs the text with {@code sh -c} in a session of its own and waits until it has ended, or its time is over. Either
     * way, whatever is left of it then is ended with SIGKILL, and waited for.
     */
    Ran run(Order order);

    /** Ends what still runs; nothing is run any more. */
    @Override
    void close();

    /**
     * What to run.
     *
     * @param environment the whole of it; {@code BERTH_LAUNCH} is replaced by the runner's own
     * @param limit how long it may take
     * @param rights the command's
     */
    record Order(String text, Path workingDirectory, Map<String, String> environment, Duration limit, Rights rights) {
        public Order {
            environment = Map.copyOf(environment);
        }
    }

    /** What became of it. */
    sealed interface Ran {
        /**
         * It ended by itself.
         *
         * @param status that of the shell: what the command returned, or 128 and the number of the signal that ended it
         * @param lastLine what it said last, on either stream; empty when nothing
         */
        record Ended(int status, String lastLine) implements Ran {}

        /** It was ended because its time was over. */
        record TimedOut() implements Ran {}

        /**
         * Some of its processes can't be ended, whatever became of it otherwise.
         */
        record Left(List<ProcessRef> processes) implements Ran {
            public Left {
                processes = List.copyOf(processes);
            }
        }

        /**
         * It was not run.
         *
         * @param reason in words
         */
        record NotRun(String reason) implements Ran {}
    }
}
