package dev.berth.host.linux;

import dev.berth.host.Account;
import dev.berth.host.Launcher.LaunchException;
import dev.berth.host.Launcher.LaunchSpec;
import dev.berth.model.Marker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes the command lines by which root runs something as a user. A chain of programs, each of which becomes the next one
 * (execve(2)), so that the pid stays what it was:
 *
 * <ol>
 *   <li>{@code prlimit} sets the user's resource limits;
 *   <li>{@code setpriv} takes uid, gid and groups of the user and gives up every capability, for good;
 *   <li>{@code sh}, as the user already, enters the directory, takes the environment, and becomes the program.
 * </ol>
 *
 * <p>Why not shorter. The first two run as root, and what a user declared must not reach them: with {@code LD_PRELOAD} of the
 * user's in its environment, setpriv itself would run the user's code as root. So these have an environment of Berth's making,
 * in which the user's variables are mere values of variables that no program knows; the shell makes them what they are when
 * there is nothing left to gain. They don't stand in the arguments, which everybody on the machine can read. The directory is
 * entered by the shell, because root may enter any.
 *
 * <p>Why programs and not system calls. Between fork and exec, where one would change the uid, there is no Java; a thread of
 * this process that changed its own would be one that the user may signal, and with it all of Berth.
 *
 * <p>Setuid programs ({@code sudo}, {@code ping}, {@code newuidmap}) get nothing from what runs so ({@code no_new_privs}, and
 * an empty bounding set): what Berth runs for a user never becomes more than that user. Both go together: a setuid program
 * without its capabilities but with root's uid is a known way to break it.
 */
public final class UserSwitch {
    /** What a POSIX shell can export. */
    private static final Pattern EXPORTABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** What is given for a start has to be told from variables of users; made longer until it is. */
    private static final String GIVEN = "BERTH_GIVEN_";

    /** By which processes are found from their first moment on: a shell can export them, and no program acts on them. */
    private static final Set<String> MARKERS = Set.of(Marker.SERVICE, Marker.LAUNCH);

    static final String NOT_HERE = "this Berth was not started to run anything as another user";

    /** The directory that everybody may enter, where the chain begins. */
    static final Path START = Path.of("/");

    /**
     * Nothing of what people call the system: what Berth's unit has is no better than what users have by default (022), and no
     * service gets more of the machine's memory in need than others because Berth did (oom_score_adj; lowering a bad one is
     * not allowed, and need not be).
     */
    private static final String SETTLE = "umask 022; { echo 0 >/proc/self/oom_score_adj; } 2>/dev/null || :";

    private final Path prlimit;
    private final Path setpriv;
    private final Path shell;
    private final UserLimits limits;

    UserSwitch(Path prlimit, Path setpriv, Path shell, UserLimits limits) {
        this.prlimit = prlimit;
        this.setpriv = setpriv;
        this.shell = shell;
        this.limits = limits;
    }

    /**
     * With the programs of this machine, tried out.
     *
     * @param ticker monotonic nanoseconds
     * @throws IOException telling what is missing, or which right did not go away
     */
    public static UserSwitch open(LongSupplier ticker) throws IOException {
        UserSwitch made =
                new UserSwitch(require("prlimit"), require("setpriv"), require("sh"), UserLimits.ofThisMachine());
        UserSwitchProof.require(made, new BoundedRun(ticker));
        return made;
    }

    private static Path require(String tool) throws IOException {
        return SystemTools.find(tool)
                .orElseThrow(() -> new IOException("running services as their users needs the program \"" + tool
                        + "\" (util-linux has prlimit and setpriv), and the system's directories have none that only root"
                        + " can change"));
    }

    /**
     * A command line, with the whole environment for it. To be run in {@link #START}.
     *
     * @param arguments the first is an absolute path
     */
    record Chain(List<String> arguments, Map<String, String> environment) {
        Chain {
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
        }
    }

    /** The shell that users' commands are run with too. */
    Path shell() {
        return shell;
    }

    /**
     * Runs a program as the user.
     *
     * @param marker variables that every program of the chain has, and the last one too; {@link dev.berth.model.Marker}'s
     * @param environment the rest of the program's environment
     * @param arguments the program, as execvp(3) takes it, and its arguments
     * @throws LaunchException when one of the variables can't be given to it
     */
    Chain chain(
            Account account,
            Path directory,
            Map<String, String> marker,
            Map<String, String> environment,
            List<String> arguments)
            throws LaunchException {
        Map<String, String> given = given(environment, marker);
        List<String> line = new ArrayList<>(account.user().isRoot() ? List.of() : becoming(account));
        line.addAll(List.of(shell.toString(), "-c", script(given), "berth", directory.toString()));
        line.addAll(arguments);
        Map<String, String> whole = new HashMap<>(given);
        whole.putAll(marker);
        return new Chain(line, whole);
    }

    private List<String> becoming(Account account) {
        List<String> line = new ArrayList<>(List.of(prlimit.toString()));
        line.addAll(limits.options());
        line.addAll(List.of(
                "--",
                setpriv.toString(),
                "--reuid=" + account.user().uid(),
                "--regid=" + account.gid(),
                account.groups().isEmpty()
                        ? "--clear-groups"
                        : "--groups="
                                + account.groups().stream().map(String::valueOf).collect(Collectors.joining(",")),
                "--inh-caps=-all",
                "--ambient-caps=-all",
                "--bounding-set=-all",
                "--no-new-privs",
                "--"));
        return line;
    }

    /** Numbered, in the order of their names, so that a launch is the same each time. */
    private static Map<String, String> given(Map<String, String> environment, Map<String, String> marker)
            throws LaunchException {
        String prefix = GIVEN;
        while (anyBeginsWith(prefix, environment) || anyBeginsWith(prefix, marker)) {
            prefix += "_";
        }
        Map<String, String> given = new TreeMap<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            if (marker.containsKey(variable.getKey())) {
                continue;
            }
            if (!EXPORTABLE.matcher(variable.getKey()).matches()) {
                throw new LaunchException("the environment variable \"" + variable.getKey()
                        + "\" can't be given to a program that runs as its user: a name has letters, digits and"
                        + " underscores, and begins with no digit");
            }
            given.put(prefix + given.size(), variable.getKey() + "=" + variable.getValue());
        }
        return given;
    }

    private static boolean anyBeginsWith(String prefix, Map<String, String> variables) {
        return variables.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    /**
     * Uses no variable of its own, since any name may be the user's. What {@code cd} leaves in PWD and OLDPWD was not declared.
     */
    private static String script(Map<String, String> given) {
        StringBuilder script = new StringBuilder("cd \"$1\" || exit 126; shift; unset PWD OLDPWD; ").append(SETTLE);
        if (!given.isEmpty()) {
            given.keySet()
                    .forEach(name -> script.append("; export \"$").append(name).append('"'));
            script.append("; unset")
                    .append(given.keySet().stream().map(name -> " " + name).collect(Collectors.joining()));
        }
        return script.append("; exec \"$@\"").toString();
    }

    /**
     * Runs a program as the user, where this machine can; {@code marker} and {@code environment} as for {@link #chain}.
     *
     * @param users empty where it can't
     */
    static Chain chain(Optional<UserSwitch> users, Account account, LaunchSpec spec, List<String> arguments)
            throws LaunchException {
        Map<String, String> marker = new HashMap<>(spec.environment());
        marker.keySet().retainAll(MARKERS);
        return users.orElseThrow(() -> new LaunchException(NOT_HERE))
                .chain(account, spec.workingDirectory(), marker, spec.environment(), arguments);
    }
}
