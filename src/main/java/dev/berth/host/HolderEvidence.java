package dev.berth.host;

import dev.berth.model.Marker;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was read of a process to tell where it comes from. What was denied is empty.
 *
 * @param process the process itself
 * @param ancestors parent first
 * @param uid its effective user
 * @param kernelThread a thread of the kernel itself
 * @param terminal whether it has a controlling terminal
 * @param cgroups its control groups, of every hierarchy; empty where the system has none
 * @param environment those of {@link #VARIABLES} that it was started with
 */
public record HolderEvidence(
        Program process,
        List<Program> ancestors,
        long uid,
        boolean kernelThread,
        boolean terminal,
        List<String> cgroups,
        Map<String, String> environment) {
    /** The variable that Berth gives to everything it starts; see {@link Marker}. */
    public static final String MARKER = Marker.SERVICE;

    static final String NPM_SCRIPT = "npm_lifecycle_event";
    static final String SUPERVISOR_PROGRAM = "SUPERVISOR_PROCESS_NAME";

    /** The variables that tell something; a reader need keep no other. */
    public static final Set<String> VARIABLES = Set.of(MARKER, NPM_SCRIPT, SUPERVISOR_PROGRAM);

    public HolderEvidence {
        ancestors = List.copyOf(ancestors);
        cgroups = List.copyOf(cgroups);
        environment = Map.copyOf(environment);
    }

    /** The paths in a {@code /proc/PID/cgroup}, of the unified hierarchy and of every old one, without duplicates. */
    public static List<String> cgroupPaths(String text) {
        return text.lines()
                .map(line -> line.split(":", 3))
                .filter(fields -> fields.length == 3)
                .map(fields -> fields[2])
                .distinct()
                .toList();
    }

    /**
     * A running program.
     *
     * @param comm the kernel's short name
     * @param commandLine the arguments, or the title that the program gave itself
     * @param executable path of the program file
     */
    public record Program(long pid, String comm, List<String> commandLine, Optional<String> executable) {
        private static final Set<String> INTERPRETERS = Set.of(
                "sh", "bash", "dash", "zsh", "node", "nodejs", "bun", "deno", "ruby", "perl", "php", "python", "pypy");

        public Program {
            commandLine = List.copyOf(commandLine);
        }

        /** The names of the program itself: the kernel's, that of its file, and that of its first argument. */
        Set<String> names() {
            Set<String> names = new LinkedHashSet<>();
            names.add(comm);
            executable.ifPresent(path -> names.add(baseName(path)));
            if (!commandLine.isEmpty()) {
                names.add(baseName(commandLine.get(0)));
            }
            return names;
        }

        /** The names, and that of the script which an interpreter runs. */
        Set<String> namesAndScript() {
            Set<String> names = names();
            if (names.stream().map(Program::withoutVersion).anyMatch(INTERPRETERS::contains)) {
                script().ifPresent(names::add);
            }
            return names;
        }

        /** The arguments as one text; also what a program wrote over them as its title. */
        String title() {
            return String.join(" ", commandLine);
        }

        /** {@code supervisord} in {@code python3 -u /usr/bin/supervisord -n}, {@code gunicorn} in {@code python3 -m gunicorn}. */
        private Optional<String> script() {
            if (commandLine.isEmpty()) {
                return Optional.empty();
            }
            List<String> arguments = new ArrayList<>(commandLine.subList(1, commandLine.size()));
            for (int i = 0; i < arguments.size(); i++) {
                String argument = arguments.get(i);
                if (argument.equals("-m") && i + 1 < arguments.size()) {
                    return Optional.of(arguments.get(i + 1));
                }
                if (argument.equals("-c") || argument.equals("-e")) {
                    return Optional.empty();
                }
                if (!argument.startsWith("-")) {
                    return Optional.of(baseName(argument).replaceFirst("\\.(c|m)?(js|py|rb|ts)$", ""));
                }
            }
            return Optional.empty();
        }

        private static String withoutVersion(String name) {
            return name.replaceFirst("[0-9.]+$", "");
        }

        private static String baseName(String path) {
            String file = path.endsWith(" (deleted)") ? path.substring(0, path.length() - " (deleted)".length()) : path;
            return file.substring(file.lastIndexOf('/') + 1);
        }
    }
}
