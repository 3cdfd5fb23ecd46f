package dev.berth.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts real processes for a test and leaves none of them behind. */
public final class Children implements AutoCloseable {
    /** A process that a signal ends, and that starts in a millisecond. */
    public static final List<String> IDLE = List.of("sleep", "1000");

    /** Says "ready" and then ignores SIGTERM; its shell waits in a builtin, so that SIGKILL leaves no child of it. */
    public static final List<String> STUBBORN =
            List.of("sh", "-c", "trap '' TERM; echo ready; while read -r line; do :; done");

    /** Far longer than a kill takes; only a failing test waits for it. */
    private static final long PATIENCE_SECONDS = 20;

    private final Deque<Process> started = new ArrayDeque<>();

    public Process start(List<String> command) {
        return start(command, Map.of());
    }

    public synchronized Process start(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            started.push(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("could not start " + command, e);
        }
    }

    /** Starts the process, waits for its first line and returns that. */
    public Ready startReady(List<String> command) {
        Process process = start(command);
        try {
            String line = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (line == null) {
                throw new IllegalStateException(command + " ended before it said a line");
            }
            return new Ready(process, line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process, and the first line that it said. */
    public record Ready(Process process, String line) {}

    /** Ends the process and waits until its pid is free. */
    public static void end(Process process) {
        process.destroyForcibly();
        process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public synchronized void close() {
        while (!started.isEmpty()) {
            Process process = started.pop();
            // The parent first: one that restarts its children would start another in between.
            List<ProcessHandle> below = process.descendants().toList();
            end(process);
            below.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
