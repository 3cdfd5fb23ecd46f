package dev.berth.host;

import dev.berth.host.HolderEvidence.Program;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Programs that start their children again. A loop in a shell script does the same and can't be told beforehand: that one
 * shows only when the process comes back.
 */
final class Respawners {
    /** Supervisors, process runners and watchers, by the name of the program. */
    private static final Set<String> BY_NAME = Set.of(
            // Supervisors.
            "supervisord",
            "runsv",
            "s6-supervise",
            "supervise",
            "perpd",
            "circusd",
            "god",
            "bluepill",
            "immortal",
            "dinit",
            "forever",
            "pm2-runtime",
            "nomad",
            "monit",
            // Runners of a Procfile or of several services: they restart a child, or fall with it.
            "foreman",
            "overmind",
            "honcho",
            "hivemind",
            "goreman",
            "process-compose",
            "tilt",
            "mprocs",
            // Watchers: at the latest with the next change of a file.
            "nodemon",
            "node-dev",
            "ts-node-dev",
            "tsnd",
            "tsc-watch",
            "watchexec",
            "entr",
            "reflex",
            "air",
            "cargo-watch",
            "bacon",
            "watchmedo",
            "gow",
            "CompileDaemon",
            "modd",
            "rerun",
            "ibazel");

    /** Watchers that are a mode of a program which otherwise watches nothing. */
    private static final Pattern WATCH_MODE =
            Pattern.compile("(?:\\S*/)?(?:node|nodejs|bun|deno)(?: -\\S+)*(?: run)?(?: -\\S+)* --(?:watch|hot)\\b.*"
                    + "|.*\\btsx watch\\b.*|.*\\buvicorn\\b.* --(?:reload|workers)\\b.*");

    private static final Pattern PM2_DAEMON = Pattern.compile("PM2 v\\S+: God Daemon.*");

    /**
     * Masters, and what tells one from its workers in the title. They replace only workers, which are the same program;
     * anything else below them is their parent's.
     */
    private static final Map<String, Pattern> MASTERS = Map.of(
            "nginx", Pattern.compile("nginx: master process.*"),
            "php-fpm", Pattern.compile("php-fpm: master process.*"),
            "gunicorn", Pattern.compile(".*\\bgunicorn\\b.*"),
            "uwsgi", Pattern.compile(".*\\buwsgi\\b.*"),
            "unicorn", Pattern.compile(".*\\bunicorn\\b.*"),
            "puma", Pattern.compile("puma .*"),
            "apache2", Pattern.compile(".*"),
            "httpd", Pattern.compile(".*"),
            "haproxy", Pattern.compile(".*"));

    /** Somebody sits here: what was started from it is a person's, whatever started the terminal itself. */
    private static final Set<String> INTERACTIVE = Set.of(
            "sshd",
            "sshd-session",
            "login",
            "tmux",
            "tmux: server",
            "screen",
            "zellij",
            "gnome-terminal-",
            "konsole",
            "xterm",
            "alacritty",
            "kitty",
            "wezterm-gui",
            "foot",
            "ptyxis-agent");

    private static final Predicate<Program> LOGIN_SHELL = program ->
            !program.commandLine().isEmpty() && program.commandLine().get(0).startsWith("-");

    private Respawners() {}

    /** The nearest ancestor that would start the process again, in words such as {@code supervisord (pid 812)}. */
    static Optional<String> of(HolderEvidence evidence) {
        List<Program> ancestors = evidence.ancestors();
        if (!ancestors.isEmpty()) {
            Optional<String> master = masterOf(evidence.process(), ancestors.get(0));
            if (master.isPresent()) {
                return master;
            }
        }
        for (Program ancestor : ancestors) {
            if (isInteractive(ancestor)) {
                return Optional.empty();
            }
            Optional<String> name = supervisor(ancestor);
            if (name.isPresent()) {
                return Optional.of(name.get() + " (pid " + ancestor.pid() + ")");
            }
        }
        return Optional.empty();
    }

    static boolean isInteractive(Program program) {
        return LOGIN_SHELL.test(program)
                || Ides.isOne(program)
                || program.names().stream().anyMatch(INTERACTIVE::contains);
    }

    private static Optional<String> supervisor(Program program) {
        String title = program.title();
        if (PM2_DAEMON.matcher(title).matches()) {
            return Optional.of("PM2");
        }
        if (WATCH_MODE.matcher(title).matches()) {
            return Optional.of(program.comm() + " in watch mode");
        }
        return program.namesAndScript().stream().filter(BY_NAME::contains).findFirst();
    }

    private static Optional<String> masterOf(Program worker, Program parent) {
        return MASTERS.entrySet().stream()
                .filter(master -> goesBy(master.getKey(), parent)
                        && goesBy(master.getKey(), worker)
                        && master.getValue().matcher(parent.title()).matches())
                .map(master -> master.getKey() + " master (pid " + parent.pid() + ")")
                .findFirst();
    }

    /** Names carry versions (php-fpm8.2), and titles begin with the name. */
    private static boolean goesBy(String name, Program program) {
        return program.title().startsWith(name + ":")
                || program.title().startsWith(name + " ")
                || program.namesAndScript().stream()
                        .anyMatch(each -> each.equals(name) || each.matches(Pattern.quote(name) + "[0-9.]+"));
    }
}
