package dev.berth.host.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The resource limits of what runs as a user (setrlimit(2)). Berth's own are not theirs: a JVM raises how many files it may
 * have open as far as it can, which breaks programs that use select(2), and nothing bounds the processes of root.
 *
 * @param openFiles how far a program may raise the usual 1024 itself
 * @param processes threads count too, and everything else that the user runs
 */
record UserLimits(long openFiles, long processes) {
    /** What every Linux distribution gives its users to begin with. */
    private static final long OPEN_FILES_AT_FIRST = 1024;

    /** systemd's default for users' sessions. */
    private static final long MOST_OPEN_FILES = 524_288;

    /** A development stack has some hundreds; a fork bomb of as many still leaves a machine that answers. */
    private static final long MOST_PROCESSES = 8192;

    /** As much of the defaults as the limits that this process itself is under allow. */
    static UserLimits ofThisMachine() throws IOException {
        List<String> limits = Files.readAllLines(Path.of("/proc/self/limits"));
        return new UserLimits(
                Math.min(MOST_OPEN_FILES, hard("Max open files", limits)),
                Math.min(MOST_PROCESSES, hard("Max processes", limits)));
    }

    /** From a line such as {@code Max open files            1024                 4096                 files}. */
    static long hard(String name, List<String> lines) throws IOException {
        for (String line : lines) {
            if (line.startsWith(name + " ")) {
                String[] columns = line.substring(name.length()).strip().split("\\s+");
                if (columns.length > 1) {
                    return columns[1].equals("unlimited") ? Long.MAX_VALUE : number(columns[1], line);
                }
            }
        }
        throw new IOException("/proc/self/limits has no line \"" + name + "\"");
    }

    private static long number(String text, String line) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException("/proc/self/limits has no number in \"" + line + "\"", e);
        }
    }

    /** For prlimit(1). */
    List<String> options() {
        return List.of(
                "--nofile=" + Math.min(OPEN_FILES_AT_FIRST, openFiles) + ":" + openFiles,
                "--nproc=" + processes + ":" + processes,
                // A core file is written where the program runs, and holds its secrets: whoever wants one raises it.
                "--core=0:");
    }
}
