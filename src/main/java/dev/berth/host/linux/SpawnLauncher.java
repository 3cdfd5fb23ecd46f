package dev.berth.host.linux;

import com.sun.jna.Native;
import dev.berth.host.Account;
import dev.berth.host.Launcher;
import dev.berth.host.Rights;
import dev.berth.host.Signal;
import dev.berth.host.linux.SpawnCalls.Glibc;
import dev.berth.model.Command;
import dev.berth.model.ProcessRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/**
 * Starts programs through posix_spawn(3): each leads a session of its own, has the log as its output and nothing else of
 * Berth's, neither descriptors nor signals that are ignored or blocked. The program is a child of this process that only
 * {@link PidfdProcessControl} reaps, so its pid can't pass on before its identity is known, however soon it ends: that is then
 * no failure to start, and its status is known.
 */
public final class SpawnLauncher implements Launcher {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int FIRST_OTHER = 3;
    /** What a program says is its user's own business. */
    private static final int LOG_MODE = 0600;

    private static final ByteBuffer NULL_DEVICE = CText.of("/dev/null");

    private final PidfdProcessControl processes;
    private final StatReader stats;
    private final String bootId;
    private final String path;
    private final Optional<UserSwitch> users;
    private final ByteBuffer attributes;
    private volatile Optional<String> shell = Optional.empty();

    /**
     * @param processes reaps what is started
     * @param path directories for {@code sh}, as in the variable PATH
     * @param users runs programs as their users; empty where none is to be run so
     * @throws IOException when {@code /proc} can't be read
     */
    public SpawnLauncher(PidfdProcessControl processes, String path, Optional<UserSwitch> users) throws IOException {
        this(processes, path, users, ProcScan::stat);
    }

    SpawnLauncher(PidfdProcessControl processes, String path, Optional<UserSwitch> users, StatReader stats)
            throws IOException {
        this.processes = processes;
        this.path = path;
        this.users = users;
        this.stats = stats;
        this.bootId = new ProcFiles(Path.of("/proc")).bootId();
        this.attributes = attributes();
        // Were it ignored, as whoever started Berth may have left it, the kernel would reap children by itself.
        Glibc.signal(SpawnCalls.SIGCHLD, SpawnCalls.SIG_DFL);
    }

    /** Looks at a process, a zombie too. */
    @FunctionalInterface
    interface StatReader {
        Optional<ProcStat> stat(long pid) throws CallException;
    }

    /** Has this machine what it takes: glibc 2.34, and pidfds that can be waited for (Linux 5.4)? */
    public static boolean isSupported() {
        return Pidfd.isSupported() && Pidfd.canReap() && SpawnCalls.isSupported();
    }

    @Override
    public ProcessRef launch(LaunchSpec spec) throws LaunchException {
        LaunchChecks.require(spec);
        if (spec.rights() instanceof Rights.Of of) {
            return launch(spec, of.account());
        }
        Path directory = spec.workingDirectory();
        if (spec.command() instanceof Command.Exec exec) {
            String program = LaunchChecks.requireProgram(exec.arguments().get(0), spec);
            return start(new Start(program, exec.arguments(), spec.environment(), directory), spec);
        }
        String text = ((Command.Shell) spec.command()).text();
        return start(new Start(shell(), List.of("sh", "-c", text), spec.environment(), directory), spec);
    }

    /** Everything that is that user's is looked at by the programs of the chain, with the user's rights. */
    private ProcessRef launch(LaunchSpec spec, Account account) throws LaunchException {
        List<String> arguments = spec.command() instanceof Command.Exec exec
                ? exec.arguments()
                : List.of(shell(), "-c", ((Command.Shell) spec.command()).text());
        UserSwitch.Chain chain = UserSwitch.chain(users, account, spec, arguments);
        UserLog.prepare(spec.log(), account);
        return start(
                new Start(chain.arguments().get(0), chain.arguments(), chain.environment(), UserSwitch.START), spec);
    }

    /** What the kernel is told to start. */
    private record Start(String file, List<String> arguments, Map<String, String> environment, Path workingDirectory) {}

    private ProcessRef start(Start start, LaunchSpec spec) throws LaunchException {
        Lock starting = OwnChildren.starting();
        starting.lock();
        try {
            return startOwn(start, spec);
        } finally {
            starting.unlock();
        }
    }

    private ProcessRef startOwn(Start start, LaunchSpec spec) throws LaunchException {
        ByteBuffer environment = environment(start.environment());
        ByteBuffer line = CText.of(start.arguments());
        ByteBuffer pid = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        int log = open(spec.log());
        int error;
        try {
            error = spawn(pid, CText.of(start.file()), line, environment, start.workingDirectory(), log);
        } finally {
            FileCalls.close(log);
        }
        if (error != 0) {
            throw failure(error, start.file(), (long) line.capacity() + environment.capacity(), spec);
        }
        return identity(pid.getInt(0), spec);
    }

    private static ByteBuffer environment(Map<String, String> variables) {
        List<String> texts = new ArrayList<>(variables.size());
        variables.forEach((name, value) -> texts.add(name + "=" + value));
        return CText.of(texts);
    }

    private int spawn(
            ByteBuffer pid, ByteBuffer file, ByteBuffer arguments, ByteBuffer environment, Path directory, int log) {
        ByteBuffer actions = ByteBuffer.allocateDirect(SpawnCalls.ACTIONS_BYTES);
        check(Glibc.posix_spawn_file_actions_init(actions));
        try {
            check(Glibc.posix_spawn_file_actions_addopen(actions, STDIN, NULL_DEVICE, FileCalls.O_RDONLY, 0));
            check(Glibc.posix_spawn_file_actions_adddup2(actions, log, STDOUT));
            check(Glibc.posix_spawn_file_actions_adddup2(actions, STDOUT, STDERR));
            check(Glibc.posix_spawn_file_actions_addchdir_np(actions, CText.of(directory.toString())));
            check(Glibc.posix_spawn_file_actions_addclosefrom_np(actions, FIRST_OTHER));
            return Glibc.posix_spawn(pid, file, actions, attributes, arguments, environment);
        } finally {
            Glibc.posix_spawn_file_actions_destroy(actions);
        }
    }

    /** Opened here and not by the new process, whose answer would not tell this failure from others. */
    private static int open(Path log) throws LaunchException {
        int flags = FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_APPEND | FileCalls.O_CLOEXEC;
        int descriptor = FileCalls.open(CText.of(log.toString()), flags, LOG_MODE);
        if (descriptor < 0) {
            throw new LaunchException("the log " + log + " can't be written: " + Errno.describe(FileCalls.errno()));
        }
        return descriptor;
    }

    /** What went between the checks and the start is found by checking again; the kernel only gives a number. */
    private LaunchException failure(int errno, String file, long bytes, LaunchSpec spec) throws LaunchException {
        LaunchChecks.require(spec);
        if (spec.rights() instanceof Rights.Own && spec.command() instanceof Command.Exec exec) {
            LaunchChecks.requireProgram(exec.arguments().get(0), spec);
        } else {
            shell = Optional.empty();
        }
        return SpawnFailure.of(LaunchChecks.name(spec.command()), file, bytes, errno);
    }

    private ProcessRef identity(int pid, LaunchSpec spec) throws LaunchException {
        try {
            // The pidfd last, as it is then handed over.
            ProcStat stat =
                    stats.stat(pid).orElseThrow(() -> new CallException("looking at it in /proc", Errno.EACCES));
            ProcessRef ref = new ProcessRef(pid, stat.startTicks(), bootId);
            processes.adopt(ref, Pidfd.open(pid));
            return ref;
        } catch (CallException e) {
            abandon(pid);
            throw new LaunchException(
                    LaunchChecks.name(spec.command())
                            + " was started and ended again, as it could not be told which process it is: "
                            + e.getMessage(),
                    e);
        }
    }

    /** By pid, which can't have passed on: nobody has reaped the child. */
    private static void abandon(int pid) {
        Glibc.kill(-pid, Signal.SIGKILL.number());
        Glibc.kill(pid, Signal.SIGKILL.number());
        ByteBuffer status = ByteBuffer.allocateDirect(Integer.BYTES);
        int reaped;
        do {
            reaped = Glibc.waitpid(pid, status, 0);
        } while (reaped < 0 && Native.getLastError() == Errno.EINTR);
    }

    /** Found once: it is the same for every launch. */
    private String shell() throws LaunchException {
        Optional<String> known = shell;
        if (known.isPresent()) {
            return known.get();
        }
        String found = LaunchChecks.requireTool("sh", path).toString();
        shell = Optional.of(found);
        return found;
    }

    private static ByteBuffer attributes() {
        ByteBuffer attributes = ByteBuffer.allocateDirect(SpawnCalls.ATTRIBUTES_BYTES);
        ByteBuffer none = ByteBuffer.allocateDirect(SpawnCalls.SIGSET_BYTES);
        ByteBuffer all = ByteBuffer.allocateDirect(SpawnCalls.SIGSET_BYTES);
        for (int i = 0; i < all.capacity(); i++) {
            all.put(i, (byte) -1);
        }
        check(Glibc.posix_spawnattr_init(attributes));
        check(Glibc.posix_spawnattr_setsigdefault(attributes, all));
        check(Glibc.posix_spawnattr_setsigmask(attributes, none));
        check(Glibc.posix_spawnattr_setflags(attributes, (short) (SpawnCalls.POSIX_SPAWN_SETSID
                | SpawnCalls.POSIX_SPAWN_SETSIGDEF
                | SpawnCalls.POSIX_SPAWN_SETSIGMASK)));
        return attributes;
    }

    /** Of calls that only fail when the C library gets no memory. */
    private static void check(int error) {
        if (error != 0) {
            throw new IllegalStateException("preparing a start: " + Errno.describe(error));
        }
    }
}
