package dev.berth.host.linux;

import dev.berth.host.Account;
import dev.berth.host.FileView;
import dev.berth.host.Launcher.LaunchException;
import dev.berth.host.linux.BoundedRun.Said;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The files of the machine as a user sees them: looked at and read by a short-lived process that runs as that user. Whatever
 * a path leads to, by symbolic links or by a change between two looks, the kernel judges by that user's rights.
 *
 * <p>A thread of Berth's with the user's file system rights (setfsuid(2)) would be quicker, and wrong: access(2), by which
 * Java asks, looks at other ids, and a disk or a user's own file system that does not answer would keep the thread for ever.
 * A process is ended.
 */
public final class FilesAsUser implements FileView {
    /** The disk may have to wake up. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    /** Of a larger file only a change in its beginning is noticed. */
    private static final int SIGNED = 16 << 20;

    /** Names and sums of a few dozen files. */
    private static final int MOST_SIGNATURES = 1 << 20;

    private static final int MISSING_FILE = 3;
    private static final int UNREADABLE_FILE = 4;

    private static final String LOOK = "for f do"
            + " if [ -d \"$f\" ]; then if [ -x \"$f\" ]; then echo d; else echo c; fi;"
            + " elif [ -f \"$f\" ]; then if [ -x \"$f\" ]; then echo p; else echo f; fi;"
            + " elif [ -e \"$f\" ]; then echo o; else echo m; fi; done";

    private static final String READ = "[ -f \"$2\" ] || exit " + MISSING_FILE + "; [ -r \"$2\" ] || exit "
            + UNREADABLE_FILE + "; exec head -c \"$1\" <\"$2\"";

    private static final String SIGN = "cd \"$1\" || exit 0; shift; for p do for f in $p; do [ -f \"$f\" ] || continue;"
            + " if [ -r \"$f\" ]; then s=$(head -c " + SIGNED + " <\"$f\" | sha256sum); else s=unreadable; fi;"
            + " echo \"${s%% *} $f\"; done; done";

    private final UserSwitch users;
    private final Account account;
    private final BoundedRun runs;

    /** @param ticker monotonic nanoseconds */
    public FilesAsUser(UserSwitch users, Account account, LongSupplier ticker) {
        this.users = users;
        this.account = account;
        this.runs = new BoundedRun(ticker);
    }

    @Override
    public List<Kind> look(List<Path> paths) throws IOException {
        if (paths.isEmpty()) {
            return List.of();
        }
        List<String> arguments = paths.stream().map(Path::toString).toList();
        Said said = run(LOOK, arguments, 2 * paths.size());
        List<Kind> kinds = text(said).lines().map(FilesAsUser::kind).toList();
        if (kinds.size() != paths.size()) {
            throw new IOException("looking as the user " + account.name() + " came to nothing");
        }
        return kinds;
    }

    private static Kind kind(String letter) {
        return switch (letter) {
            case "d" -> Kind.DIRECTORY;
            case "c" -> Kind.CLOSED_DIRECTORY;
            case "p" -> Kind.PROGRAM;
            case "f" -> Kind.FILE;
            case "o" -> Kind.OTHER;
            default -> Kind.MISSING;
        };
    }

    @Override
    public byte[] read(Path file, int most) throws IOException {
        Said said;
        try {
            said = run(READ, List.of(Integer.toString(most), file.toString()), most);
        } catch (IOException failed) {
            throw new IOException("can't be read: " + failed.getMessage(), failed);
        }
        return switch (said.status()) {
            case 0 -> said.output();
            case MISSING_FILE -> throw new IOException("is not a regular file");
            default ->
                throw new IOException("may not be read by " + account.name() + ", as whom the service runs: check its"
                        + " owner and mode");
        };
    }

    @Override
    public SortedMap<String, byte[]> signatures(Path directory, List<String> names) {
        List<String> arguments = new ArrayList<>(List.of(directory.toString()));
        arguments.addAll(names);
        SortedMap<String, byte[]> signatures = new TreeMap<>();
        try {
            text(run(SIGN, arguments, MOST_SIGNATURES)).lines().forEach(line -> {
                int blank = line.indexOf(' ');
                signatures.put(
                        line.substring(blank + 1),
                        line.substring(0, Math.max(0, blank)).getBytes(StandardCharsets.UTF_8));
            });
        } catch (IOException unreadable) {
            // As where there are none; that the directory can't be used is told when the command is prepared.
            signatures.clear();
        }
        return signatures;
    }

    private Said run(String script, List<String> arguments, int most) throws IOException {
        List<String> line = new ArrayList<>(List.of(users.shell().toString(), "-c", script, "berth"));
        line.addAll(arguments);
        try {
            UserSwitch.Chain chain = users.chain(
                    account, UserSwitch.START, Map.of(), Map.of("PATH", ExecutablePath.DEFAULT, "LC_ALL", "C"), line);
            return runs.run(chain.arguments(), chain.environment(), most, LIMIT);
        } catch (LaunchException impossible) {
            throw new IOException(impossible.getMessage(), impossible);
        }
    }

    private static String text(Said said) {
        return new String(said.output(), StandardCharsets.UTF_8);
    }
}
