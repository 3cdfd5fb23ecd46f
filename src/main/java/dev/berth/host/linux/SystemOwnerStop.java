package dev.berth.host.linux;

import dev.berth.host.OwnerStop;
import dev.berth.model.HolderKind;
import dev.berth.model.Origin;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Asks {@code systemctl}, {@code docker} or {@code podman}. Only a manager that the origin names is asked: units of one name
 * live in several systemds, and containers of one id in one runtime only.
 */
public final class SystemOwnerStop implements OwnerStop {
    private static final String SYSTEMD = "systemd";
    private static final List<String> TOOLS = List.of("systemctl", "docker", "podman");

    /** What unit and container names consist of; nothing that could be taken for an option. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@][A-Za-z0-9_.@:\\\\-]*");

    /** How much of what the tool said is passed on, in characters: some lines. */
    private static final int LONGEST_ANSWER = 500;

    private final Map<String, Path> tools;
    private final String ownManager;

    /**
     * @param tools where {@code systemctl}, {@code docker} and {@code podman} are, by name; those that are missing can't stop
     *     anything
     * @param ownUid the user that Berth runs as: of users' units it can stop that user's only
     */
    public SystemOwnerStop(Map<String, Path> tools, long ownUid) {
        this.tools = Map.copyOf(tools);
        this.ownManager = "user@" + ownUid + ".service";
    }

    /** The tools that are in the directories of {@code path} (as in the variable PATH). */
    public static Map<String, Path> toolsOn(String path) {
        Map<String, Path> found = new HashMap<>();
        TOOLS.forEach(name -> ExecutablePath.find(name, path).ifPresent(file -> found.put(name, file)));
        return found;
    }

    @Override
    public Optional<List<String>> commandFor(Origin origin) {
        Optional<String> manager = origin.manager();
        if (manager.isEmpty()) {
            return Optional.empty();
        }
        if (origin.kind() == HolderKind.UNIT) {
            List<String> options = manager.get().equals(SYSTEMD)
                    ? List.of("--no-ask-password")
                    : List.of("--user", "--no-ask-password");
            boolean within = manager.get().equals(SYSTEMD) || manager.get().equals(ownManager);
            return within ? command("systemctl", options, origin.unit()) : Optional.empty();
        }
        return origin.kind() == HolderKind.CONTAINER
                ? command(manager.get(), List.of(), origin.container())
                : Optional.empty();
    }

    private Optional<List<String>> command(String tool, List<String> options, Optional<String> name) {
        Path file = tools.get(tool);
        if (file == null || name.filter(NAME.asMatchPredicate()).isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(options);
        command.add("stop");
        command.add(name.get());
        return Optional.of(List.copyOf(command));
    }

    @Override
    public Optional<String> stop(Origin origin, Duration timeout) {
        Optional<List<String>> command = commandFor(origin);
        if (command.isEmpty()) {
            return Optional.of("nothing on this machine can be asked to stop it");
        }
        String line = String.join(" ", command.get());
        try {
            Path answer = Files.createTempFile("berth-stop", ".txt");
            try {
                return run(command.get(), line, answer, timeout);
            } finally {
                Files.delete(answer);
            }
        } catch (IOException e) {
            return Optional.of(line + " could not be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted while waiting for " + line + "; it may still happen");
        }
    }

    private static Optional<String> run(List<String> command, String line, Path answer, Duration timeout)
            throws IOException, InterruptedException {
        Process process = OwnChildren.start(new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(answer.toFile()));
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            // The tool only: the stop that it asked for goes on where it was asked.
            process.destroyForcibly();
            return Optional.of(line + " did not finish within " + timeout.toMillis() + " ms; it may still happen");
        }
        if (process.exitValue() == 0) {
            return Optional.empty();
        }
        String said = new String(Files.readAllBytes(answer), StandardCharsets.UTF_8).strip();
        String shown = said.length() > LONGEST_ANSWER ? said.substring(0, LONGEST_ANSWER) + "…" : said;
        return Optional.of(line + " failed with status " + process.exitValue() + (shown.isEmpty() ? "" : ": " + shown));
    }
}
