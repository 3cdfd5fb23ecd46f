package dev.berth.host.linux;

import dev.berth.host.Launcher;
import dev.berth.model.Command;
import dev.berth.model.ProcessRef;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts programs through {@code setsid(1)}: in a session of their own, away from every terminal and from Berth's process
 * group, with the log as their output, so that nothing of theirs ends or breaks with Berth. The JDK closes all other descriptors
 * in between. What can be told before the start is told before it, since afterwards it would only stand in the log.
 */
public final class SetsidLauncher implements Launcher {
    private final ProcessReader processes;
    private final String path;

    /**
     * @param path directories for {@code setsid} and {@code sh}, as in the variable PATH
     */
    public SetsidLauncher(ProcessReader processes, String path) {
        this.processes = processes;
        this.path = path;
    }

    @Override
    public ProcessRef launch(LaunchSpec spec) throws LaunchException {
        Path setsid = own("setsid");
        requireDirectory(spec.workingDirectory());
        List<String> line = new ArrayList<>(List.of(setsid.toString()));
        if (spec.command() instanceof Command.Exec exec) {
            requireProgram(exec.arguments().get(0), spec);
            line.addAll(exec.arguments());
        } else if (spec.command() instanceof Command.Shell shell) {
            line.addAll(List.of(own("sh").toString(), "-c", shell.text()));
        }
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(spec.workingDirectory().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(spec.log()).toFile()))
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(spec.environment());
        try {
            return identity(builder.start(), spec);
        } catch (IOException e) {
            throw new LaunchException("could not start " + name(spec.command()) + ": " + e.getMessage(), e);
        }
    }

    /** The pid is that of the service: setsid replaces itself. As long as the JDK calls it alive, nobody else can have it. */
    private ProcessRef identity(Process process, LaunchSpec spec) throws LaunchException {
        Optional<ProcessRef> identity = processes.identify(process.pid());
        if (identity.isPresent() && process.isAlive()) {
            return identity.get();
        }
        try {
            int status = process.waitFor();
            throw new LaunchException(name(spec.command()) + " ended at once with status " + status
                    + "; what it said is in " + spec.log());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted while " + name(spec.command()) + " was being started", e);
        }
    }

    private Path own(String name) throws LaunchException {
        return ExecutablePath.find(name, path)
                .orElseThrow(() -> new LaunchException("Berth needs the program \"" + name
                        + "\" to start services, and PATH (" + path + ") has none"));
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

    /** A name with a slash is a file, seen from the working directory; any other is looked for in the service's own PATH. */
    private static void requireProgram(String program, LaunchSpec spec) throws LaunchException {
        if (program.indexOf('/') < 0) {
            String path = spec.environment().getOrDefault("PATH", ExecutablePath.DEFAULT);
            if (ExecutablePath.find(program, path).isEmpty()) {
                throw new LaunchException("command not found: \"" + program + "\" is not in the PATH " + path);
            }
            return;
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
    }

    private static Path log(Path log) throws LaunchException {
        try {
            Path directory = log.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            return log;
        } catch (IOException e) {
            throw new LaunchException("the log " + log + " can't be written: " + e.getMessage(), e);
        }
    }

    private static String name(Command command) {
        return command instanceof Command.Exec exec
                ? String.join(" ", exec.arguments())
                : ((Command.Shell) command).text();
    }
}
