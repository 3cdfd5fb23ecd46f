package dev.berth.launch;

import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.model.Command;
import dev.berth.model.Launch.Step;
import dev.berth.model.PathText;
import dev.berth.model.ServiceKey;
import dev.berth.model.ServiceSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts one launch together, and gathers everything that stands in its way instead of stopping at the first thing.
 *
 * <p>The environment, later ones winning: what Berth itself inherited; the told ports; {@code envFile}; the assigned port as
 * {@code PORT} once more, because a file that other tools read must not have a service listen elsewhere; {@code environment},
 * which is said of this service alone; the marker.
 */
final class LaunchDraft {
    private final ServiceSpec spec;
    private final Templates templates;
    private final ExecutionContext context;
    private final Map<String, String> inherited;
    private final List<Obstacle> obstacles = new ArrayList<>();

    private final Optional<Path> directory;
    private final Map<String, String> environment;
    private final Optional<Command> command;

    /** @param step whether the service's own command is launched or its install */
    LaunchDraft(ServiceKey key, ServiceSpec spec, PortBook ports, Step step, ExecutionContext context) {
        this.spec = spec;
        String own = key.origin().name();
        this.templates = new Templates(own, ports);
        this.context = context;
        this.inherited = context.environment();
        ToldPorts told = ToldPorts.of(own, spec.dependsOn(), ports);
        directory = directory();
        environment = environment(told);
        command = (step == Step.INSTALL ? spec.install() : spec.command())
                .flatMap(wanted -> command(step == Step.INSTALL ? "install" : "command", wanted));
        if (step == Step.SERVICE) {
            if (told.waiting().contains(own)) {
                obstacles.add(Obstacle.waiting("port", "waits for " + templates.portOf(own)));
            }
            spec.healthCheck().ifPresent(check -> templates.fill("healthCheck", check.target(), obstacles));
        }
    }

    /** Where the service runs: what it says, seen from the home directory; else the home directory itself. */
    static Path directory(ServiceSpec spec, Map<String, String> inherited) {
        Path home = home(inherited);
        return spec.workingDirectory()
                .map(text -> PathText.expand(text, inherited, home))
                .orElse(home);
    }

    private static Path home(Map<String, String> inherited) {
        return PathText.given(inherited, "HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(Path.of("/"));
    }

    List<Obstacle> obstacles() {
        return List.copyOf(obstacles);
    }

    /**
     * Looks at what the service itself will need besides, although its install is launched first; but for the program, which
     * the install may well make, and for ports, which it need not wait for.
     */
    LaunchDraft withWhatFollows() {
        List<Obstacle> later = new ArrayList<>();
        spec.command().ifPresent(following -> fill("command", following, later));
        spec.healthCheck().ifPresent(check -> templates.fill("healthCheck", check.target(), later));
        later.stream().filter(each -> !each.waits()).forEach(obstacles::add);
        return this;
    }

    LaunchDraft withLog(Path log, LogPlace place) {
        place.obstacle(log).ifPresent(reason -> obstacles.add(Obstacle.toMend("", reason)));
        return this;
    }

    /** @param marker the variables by which its processes are known */
    LaunchSpec spec(Map<String, String> marker, Path log) {
        Map<String, String> whole = new HashMap<>(environment);
        whole.putAll(marker);
        return new LaunchSpec(command.orElseThrow(), directory.orElseThrow(), whole, log, context.rights());
    }

    private Optional<Path> directory() {
        String field = "workingDirectory";
        Path path;
        try {
            path = directory(spec, inherited);
        } catch (IllegalArgumentException wrong) {
            obstacles.add(Obstacle.toMend(field, "the working directory " + wrong.getMessage()));
            return Optional.empty();
        }
        Optional<String> reason = closed(path);
        reason.ifPresent(why -> obstacles.add(Obstacle.toMend(field, "the working directory " + path + " " + why)));
        return reason.isPresent() ? Optional.empty() : Optional.of(path);
    }

    private Optional<String> closed(Path path) {
        try {
            return switch (context.files().look(path)) {
                case DIRECTORY -> Optional.empty();
                case MISSING -> Optional.of("does not exist");
                case CLOSED_DIRECTORY -> Optional.of("may not be entered: check its owner and mode");
                case FILE, PROGRAM, OTHER -> Optional.of("is a file");
            };
        } catch (IOException unknown) {
            return Optional.of("can't be looked at: " + unknown.getMessage());
        }
    }

    private Map<String, String> environment(ToldPorts told) {
        Map<String, String> variables = new HashMap<>(inherited);
        variables.putAll(told.variables());
        spec.envFile().ifPresent(file -> variables.putAll(envFile(file)));
        Optional.ofNullable(told.variables().get(ToldPorts.PORT))
                .ifPresent(port -> variables.put(ToldPorts.PORT, port));
        spec.environment()
                .forEach((name, value) -> templates
                        .fill("environment." + name, value, obstacles)
                        .ifPresent(filled -> variables.put(name, filled)));
        return variables;
    }

    private Map<String, String> envFile(String text) {
        try {
            return EnvFile.read(PathText.expand(text, inherited, directory.orElse(home(inherited))), context.files());
        } catch (EnvFileException unusable) {
            obstacles.add(Obstacle.toMend("envFile", String.valueOf(unusable.getMessage())));
        } catch (IllegalArgumentException wrong) {
            obstacles.add(Obstacle.toMend("envFile", "the envFile " + wrong.getMessage()));
        }
        return Map.of();
    }

    private Optional<Command> command(String field, Command wanted) {
        Optional<Command> filled = fill(field, wanted, obstacles);
        new Programs(context.files(), directory, Optional.ofNullable(environment.get("PATH")))
                .obstacle(field, filled.orElse(wanted))
                .ifPresent(obstacles::add);
        return filled;
    }

    private Optional<Command> fill(String field, Command wanted, List<Obstacle> unknown) {
        if (wanted instanceof Command.Shell shell) {
            return templates.fill(field, shell.text(), unknown).map(Command.Shell::new);
        }
        List<String> arguments = ((Command.Exec) wanted).arguments();
        List<String> filled = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            templates.fill(field + "[" + i + "]", arguments.get(i), unknown).ifPresent(filled::add);
        }
        return filled.size() < arguments.size() ? Optional.empty() : Optional.of(new Command.Exec(filled));
    }
}
