package dev.berth.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The machine's processes as {@code /proc} has them, read without any of Berth's own code. */
final class Processes {
    private static final int STATE = 0;
    private static final int SESSION = 3;

    private Processes() {}

    /** Does it run? A zombie, which a slow pid 1 may leave for seconds, does not. */
    static boolean isAlive(long pid) {
        return stat(pid).filter(fields -> !fields[STATE].equals("Z")).isPresent();
    }

    /** Is it the first process of a launch, rather than below one? */
    static boolean leadsSession(long pid) {
        return stat(pid)
                .filter(fields -> fields[SESSION].equals(Long.toString(pid)))
                .isPresent();
    }

    /** The living processes that this installation of Berth has started, with the service that each belongs to. */
    static Map<Long, String> of(String installation) {
        Map<Long, String> found = new TreeMap<>();
        ProcessHandle.allProcesses()
                .mapToLong(ProcessHandle::pid)
                .forEach(pid -> marker(pid)
                        .filter(marker -> marker.endsWith("@" + installation) && isAlive(pid))
                        .ifPresent(marker -> found.put(pid, marker.substring(0, marker.indexOf('@')))));
        return found;
    }

    private static Optional<String> marker(long pid) {
        return read(pid, "environ")
                .flatMap(text -> text.lines()
                        .filter(line -> line.startsWith("BERTH_SERVICE="))
                        .findFirst())
                .map(line -> line.substring(line.indexOf('=') + 1));
    }

    private static Optional<String[]> stat(long pid) {
        return read(pid, "stat")
                .map(text -> text.substring(text.lastIndexOf(')') + 2).split(" "));
    }

    private static Optional<String> read(long pid, String name) {
        try {
            byte[] content = Files.readAllBytes(Path.of("/proc", Long.toString(pid), name));
            String text = new String(content, StandardCharsets.ISO_8859_1).replace('\0', '\n');
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
