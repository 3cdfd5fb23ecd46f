package dev.berth.host.linux;

import dev.berth.host.Launcher;
import dev.berth.host.Rights;
import dev.berth.model.Command;
import dev.berth.model.ProcessRef;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts programs through {@code setsid(1)}: in a session of their own, away from every terminal and from Berth's process
 * group, with the log as their output, so that nothing of theirs ends or breaks with Berth. The JDK closes all other descriptors
 * in between. How a program ended is not told, and one that ends before it can be looked at counts as not started.
 * For systems where {@link SpawnLauncher} can't be used.
 */
public final class SetsidLauncher implements Launcher {
    private final ProcessReader processes;
    private final String path;
    private final Optional<UserSwitch> users;

    /**
     * @param path directories for {@code setsid} and {@code sh}, as in the variable PATH
     * @param users runs programs as their users; empty where none is to be run so
     */
    public SetsidLauncher(ProcessReader processes, String path, Optional<UserSwitch> users) {
        this.processes = processes;
        this.path = path;
        this.users = users;
    }

    @Override
    public ProcessRef launch(LaunchSpec spec) throws LaunchException {
        Path setsid = LaunchChecks.requireTool("setsid", path);
        LaunchChecks.require(spec);
        List<String> line = new ArrayList<>(List.of(setsid.toString()));
        Map<String, String> environment = spec.environment();
        Path directory = spec.workingDirectory();
        if (spec.rights() instanceof Rights.Of of) {
            UserSwitch.Chain chain = UserSwitch.chain(users, of.account(), spec, arguments(spec));
            UserLog.prepare(spec.log(), of.account());
            line.addAll(chain.arguments());
            environment = chain.environment();
            directory = UserSwitch.START;
        } else {
            if (spec.command() instanceof Command.Exec exec) {
                LaunchChecks.requireProgram(exec.arguments().get(0), spec);
            }
            line.addAll(arguments(spec));
        }
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()))
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return identity(OwnChildren.start(builder), spec);
        } catch (IOException e) {
            throw new LaunchException(
                    "could not start " + LaunchChecks.name(spec.command()) + ": " + e.getMessage(), e);
        }
    }

    private List<String> arguments(LaunchSpec spec) throws LaunchException {
        return spec.command() instanceof Command.Exec exec
                ? exec.arguments()
                : List.of(
                        LaunchChecks.requireTool("sh", path).toString(), "-c", ((Command.Shell) spec.command()).text());
    }

    /** The pid is that of the service: setsid replaces itself. As long as the JDK calls it alive, nobody else can have it. */
    private ProcessRef identity(Process process, LaunchSpec spec) throws LaunchException {
        Optional<ProcessRef> identity = processes.identify(process.pid());
        if (identity.isPresent() && process.isAlive()) {
            return identity.get();
        }
        try {
            int status = process.waitFor();
            throw new LaunchException(LaunchChecks.name(spec.command()) + " ended at once with status " + status
                    + "; what it said is in " + spec.log());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException(
                    "interrupted while " + LaunchChecks.name(spec.command()) + " was being started", e);
        }
    }
}
