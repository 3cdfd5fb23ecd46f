package dev.berth.host.linux;

import dev.berth.host.Account;
import dev.berth.host.CommandRunner;
import dev.berth.host.Launcher.LaunchException;
import dev.berth.host.ProcessControl;
import dev.berth.host.Rights;
import dev.berth.model.Marker;
import dev.berth.model.ProcessRef;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Runs commands through {@code setsid(1)} and {@code sh(1)}, and ends what they leave ({@link Leftovers}). */
public final class SetsidCommands implements CommandRunner {
    /** How often output is taken while a command runs, so that one that says much is not stopped by a full pipe. */
    private static final Duration SIP = Duration.ofMillis(20);

    private final String path;
    private final Optional<UserSwitch> users;
    private final LongSupplier ticker;
    private final Leftovers leftovers;
    private final AtomicLong runs = new AtomicLong();
    /** By their mark. */
    private final ConcurrentHashMap<String, Process> running = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /**
     * @param path directories for {@code setsid} and {@code sh}, as in the variable PATH
     * @param users runs programs as their users; empty where none is to be run so
     * @param ticker monotonic nanoseconds
     * @throws IOException when {@code /proc} can't be read
     */
    public SetsidCommands(ProcessControl control, String path, Optional<UserSwitch> users, LongSupplier ticker)
            throws IOException {
        this.path = path;
        this.users = users;
        this.ticker = ticker;
        this.leftovers = new Leftovers(new ProcFiles(Path.of("/proc")), control);
    }

    @Override
    public Ran run(Order order) {
        Optional<Path> setsid = ExecutablePath.find("setsid", path);
        Optional<Path> sh = ExecutablePath.find("sh", path);
        if (setsid.isEmpty() || sh.isEmpty()) {
            return new Ran.NotRun("Berth needs the programs \"setsid\" and \"sh\" to run commands, and PATH (" + path
                    + ") lacks one of them");
        }
        String launch = "command-" + ProcessHandle.current().pid() + "-" + runs.incrementAndGet();
        ProcessBuilder builder;
        try {
            builder = order.rights() instanceof Rights.Of of
                    ? asUser(order, of.account(), setsid.get(), launch)
                    : asBerth(order, setsid.get(), sh.get(), launch);
        } catch (LaunchException refused) {
            return new Ran.NotRun(String.valueOf(refused.getMessage()));
        }
        try {
            Process process = OwnChildren.start(builder);
            running.put(launch, process);
            return run(process, launch, closed ? Duration.ZERO : order.limit());
        } catch (IOException e) {
            return new Ran.NotRun("it could not be run: " + e.getMessage());
        } finally {
            running.remove(launch);
        }
    }

    private static ProcessBuilder asBerth(Order order, Path setsid, Path sh, String launch) throws LaunchException {
        if (!Files.isDirectory(order.workingDirectory())) {
            throw new LaunchException("the working directory " + order.workingDirectory() + " does not exist");
        }
        Map<String, String> environment = new HashMap<>(order.environment());
        environment.put(Marker.LAUNCH, launch);
        return builder(
                List.of(setsid.toString(), sh.toString(), "-c", order.text()), environment, order.workingDirectory());
    }

    private ProcessBuilder asUser(Order order, Account account, Path setsid, String launch) throws LaunchException {
        UserSwitch found = users.orElseThrow(() -> new LaunchException(UserSwitch.NOT_HERE));
        UserSwitch.Chain chain = found.chain(
                account,
                order.workingDirectory(),
                Map.of(Marker.LAUNCH, launch),
                order.environment(),
                List.of(found.shell().toString(), "-c", order.text()));
        List<String> line = new ArrayList<>(List.of(setsid.toString()));
        line.addAll(chain.arguments());
        return builder(line, chain.environment(), UserSwitch.START);
    }

    private static ProcessBuilder builder(List<String> line, Map<String, String> environment, Path directory) {
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private Ran run(Process process, String launch, Duration limit) throws IOException {
        LastLine said = new LastLine();
        boolean ended = awaitEnd(process, limit, said);
        if (!ended) {
            // Itself, not only by its session: it may still be on its way into that.
            process.destroyForcibly();
        }
        try (InputStream output = process.getInputStream()) {
            List<ProcessRef> left = leftovers.end(process.pid(), launch);
            if (!left.isEmpty()) {
                return new Ran.Left(left);
            }
            if (!ended) {
                return new Ran.TimedOut();
            }
            said.take(output);
            return new Ran.Ended(process.exitValue(), said.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ran.TimedOut();
        }
    }

    /** Whoever runs them may not get that far: their threads end with the program. */
    @Override
    public void close() {
        closed = true;
        running.forEach((launch, process) -> {
            process.destroyForcibly();
            try {
                List<ProcessRef> ignored = leftovers.end(process.pid(), launch);
            } catch (IOException e) {
                throw new UncheckedIOException("what checks left behind can't be found", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean awaitEnd(Process process, Duration limit, LastLine said) {
        long end = ticker.getAsLong() + limit.toNanos();
        boolean ended = false;
        try {
            for (long left = limit.toNanos(); !ended && left > 0; left = end - ticker.getAsLong()) {
                ended = process.waitFor(Math.min(left, SIP.toNanos()), TimeUnit.NANOSECONDS);
                said.take(process.getInputStream());
            }
        } catch (InterruptedException e) {
            // Whoever wants this thread back gets it; the command is ended as if its time were over.
            Thread.currentThread().interrupt();
        } catch (IOException closed) {
            // Its output was taken from us by close(): its time is over too.
            return false;
        }
        return ended;
    }
}
