package dev.berth.launch;

import dev.berth.host.FileView;
import dev.berth.host.FileView.Kind;
import dev.berth.model.Command;
import dev.berth.model.PortTemplate;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks for the programs of commands, as execvp(3) and a shell would. */
final class Programs {
    /** What libc and shells take where no PATH is set. */
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    /** A plain word, before blanks or the end: nothing that a shell would expand, assign or redirect. */
    private static final Pattern FIRST_WORD =
            Pattern.compile("\\s*(?:exec\\s+)?([A-Za-z0-9_./][A-Za-z0-9_./+-]*)(?:\\s.*)?");

    /** With these a text may work although its first program is missing, or define what it calls. */
    private static final Pattern CONTROL = Pattern.compile("[|;&()`\\n]");

    /** What POSIX, dash, busybox and bash know without a program. */
    private static final Set<String> BUILT_IN =
            Set.of((". : [ [[ { ! alias bg bind break builtin caller case cd chdir command compgen complete "
                            + "compopt continue coproc declare dirs disown do done echo elif else enable esac eval exec "
                            + "exit export false fc fg fi for function getopts hash help history if in jobs kill let "
                            + "local logout mapfile popd printf pushd pwd read readarray readonly return select set shift "
                            + "shopt source suspend test then time times trap true type typeset ulimit umask unalias "
                            + "unset until wait while")
                    .split(" "));

    private final FileView files;
    private final Optional<Path> directory;
    private final String path;

    /**
     * @param files as whoever runs the command sees them
     * @param directory where the command runs; empty when that is not known or not there
     * @param path the service's own PATH
     */
    Programs(FileView files, Optional<Path> directory, Optional<String> path) {
        this.files = files;
        this.directory = directory;
        this.path = path.orElse(DEFAULT_PATH);
    }

    /**
     * Why the command can't be carried out; empty when nothing is known against it. Of a shell's text only the first word is
     * judged, and only when nothing else can be meant by it: the rest is the shell's business.
     */
    Optional<Obstacle> obstacle(String field, Command command) {
        return program(command).flatMap(program -> missing(field, program));
    }

    private static Optional<String> program(Command command) {
        if (command instanceof Command.Exec exec) {
            // A port that is not known yet may be part of the name.
            return Optional.of(exec.arguments().get(0))
                    .filter(word -> PortTemplate.references(word).isEmpty());
        }
        // Of two commands joined by && the second needs the first.
        String text = ((Command.Shell) command).text().strip().replace("&&", "  ");
        Matcher first = FIRST_WORD.matcher(text);
        return CONTROL.matcher(text).find() || !first.matches() || BUILT_IN.contains(first.group(1))
                ? Optional.empty()
                : Optional.of(first.group(1));
    }

    private Optional<Obstacle> missing(String field, String program) {
        try {
            return program.indexOf('/') < 0
                    ? inPath(field, program)
                    : file(program).map(reason -> Obstacle.toMend(field, reason));
        } catch (InvalidPathException unusable) {
            return Optional.of(
                    Obstacle.toMend(field, "command not found: \"" + program + "\" can't be the name of a program"));
        } catch (IOException unknown) {
            return Optional.of(Obstacle.toMend(
                    field, "whether there is a program \"" + program + "\" can't be told: " + unknown.getMessage()));
        }
    }

    private Optional<Obstacle> inPath(String field, String program) throws IOException {
        List<Path> directories = Stream.of(path.split(":"))
                .filter(each -> !each.isEmpty())
                .flatMap(each -> resolve(Path.of(each)).stream())
                .toList();
        List<Path> candidates =
                directories.stream().map(each -> each.resolve(program)).toList();
        if (files.look(candidates).contains(Kind.PROGRAM)) {
            return Optional.empty();
        }
        long different = directories.stream().distinct().count();
        return Optional.of(Obstacle.toMend(
                field,
                "command not found: \"" + program + "\" is not on PATH ("
                        + (different == 1 ? "1 directory" : different + " directories")
                        + "); install it, or write where it is",
                Optional.of("PATH is " + path)));
    }

    private Optional<String> file(String program) throws IOException {
        Optional<Path> resolved = resolve(Path.of(program));
        if (resolved.isEmpty()) {
            return Optional.empty();
        }
        Path file = resolved.get();
        return switch (files.look(file)) {
            case PROGRAM -> Optional.empty();
            case MISSING -> Optional.of("command not found: " + file + " does not exist");
            case DIRECTORY, CLOSED_DIRECTORY -> Optional.of(file + " is a directory, not a program");
            case FILE, OTHER -> Optional.of(file + " is not executable (chmod +x " + file + ")");
        };
    }

    private Optional<Path> resolve(Path file) {
        return file.isAbsolute()
                ? Optional.of(file)
                : directory.map(start -> start.resolve(file).normalize());
    }
}
