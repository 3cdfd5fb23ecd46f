package dev.berth.host.linux;

import dev.berth.host.Launcher.LaunchException;
import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.host.Rights;
import dev.berth.model.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** What can be told before a program is started: afterwards it would stand in its log only, or nowhere. */
final class LaunchChecks {
    private LaunchChecks() {}

    /**
     * Everything but the program itself; makes the directory of the log, for the owner only. Of what runs as a user only what
     * needs no look at a file: with Berth's rights one could see more, and tell of it.
     */
    static void require(LaunchSpec spec) throws LaunchException {
        requireText(spec);
        if (spec.rights() instanceof Rights.Of) {
            return;
        }
        requireDirectory(spec.workingDirectory());
        requireLogDirectory(spec.log());
    }

    /**
     * The file of a program, as exec(3) wants it once it is in the working directory. A name with a slash is a file, seen from
     * the working directory; any other is looked for in the service's own PATH.
     */
    static String requireProgram(String program, LaunchSpec spec) throws LaunchException {
        if (program.indexOf('/') < 0) {
            String path = spec.environment().getOrDefault("PATH", ExecutablePath.DEFAULT);
            return ExecutablePath.find(program, path, spec.workingDirectory())
                    .orElseThrow(() -> new LaunchException("command not found: \"" + program + "\" is not on PATH"))
                    .toAbsolutePath()
                    .toString();
        }
        Path file = spec.workingDirectory().resolve(program);
        if (!Files.exists(file)) {
            throw new LaunchException("command not found: " + file + " does not exist");
        }
        if (!ExecutablePath.isProgram(file)) {
            throw new LaunchException(
                    Files.isDirectory(file)
                            ? file + " is a directory, not a program"
                            : file + " is not executable (chmod +x)");
        }
        return program;
    }

    /**
     * A program that Berth itself needs.
     *
     * @param path as in the variable PATH
     */
    static Path requireTool(String name, String path) throws LaunchException {
        return ExecutablePath.find(name, path)
                .orElseThrow(() -> new LaunchException("Berth needs the program \"" + name
                        + "\" to start services, and PATH (" + path + ") has none"));
    }

    /** The command in words, for messages. */
    static String name(Command command) {
        return command instanceof Command.Exec exec
                ? String.join(" ", exec.arguments())
                : ((Command.Shell) command).text();
    }

    /** The kernel takes texts up to their first NUL: what follows would be lost in silence. */
    private static void requireText(LaunchSpec spec) throws LaunchException {
        String command = name(spec.command());
        if (command.indexOf('\0') >= 0) {
            throw new LaunchException("the command " + command.replace('\0', ' ') + " contains a NUL character");
        }
        for (Map.Entry<String, String> variable : spec.environment().entrySet()) {
            String name = variable.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                throw new LaunchException("\"" + name.replace('\0', ' ')
                        + "\" can't be the name of an environment variable: empty, or with \"=\" or NUL in it");
            }
            if (variable.getValue().indexOf('\0') >= 0) {
                throw new LaunchException("the environment variable " + name + " contains a NUL character");
            }
        }
    }

    private static void requireDirectory(Path directory) throws LaunchException {
        if (!Files.exists(directory)) {
            throw new LaunchException("the working directory " + directory + " does not exist");
        }
        if (!Files.isDirectory(directory)) {
            throw new LaunchException("the working directory " + directory + " is a file");
        }
        if (!Files.isExecutable(directory)) {
            throw new LaunchException("the working directory " + directory + " may not be entered");
        }
    }

    private static void requireLogDirectory(Path log) throws LaunchException {
        Path directory = log.toAbsolutePath().getParent();
        if (directory == null || Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new LaunchException("the log " + log + " can't be written: " + e.getMessage(), e);
        }
    }
}
