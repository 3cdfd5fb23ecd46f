package dev.berth.host.linux;

import dev.berth.host.HolderEvidence.Program;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the files of a process. A file that can't be read is told apart from a process that has gone. Descriptors are
 * looked at with readlink only: to stat through {@code /proc/PID/fd} would wait for dead network mounts.
 */
final class ProcFiles {
    /**
     * At most this much of one file is kept, in bytes. A command line may be 6 MB long by the kernel's rules, and
     * facts of every holder stay in memory; 64 KiB hold any class path that people have.
     */
    private static final int LIMIT = 64 * 1024;

    /** More than execve(2) takes: arguments and variables together are at most 6 MB. */
    private static final int ENVIRONMENT_LIMIT = 8 * 1024 * 1024;

    private final Path proc;
    /** The same with a slash behind it: paths are made of it several times for each process. */
    private final String root;

    ProcFiles(Path proc) {
        this.proc = proc;
        this.root = proc + "/";
    }

    /** What reading came to. */
    sealed interface Reading<T> {
        /** It was read. */
        record Found<T>(T value) implements Reading<T> {}

        /** There is no process of this pid (or none that this user can see). */
        record Gone<T>() implements Reading<T> {}

        /** The process may be there, but the kernel did not give the answer. */
        record Refused<T>(String reason) implements Reading<T> {}

        default Optional<T> found() {
            return this instanceof Found<T> found ? Optional.of(found.value()) : Optional.empty();
        }
    }

    /** The boot that this machine has been running since. */
    String bootId() throws IOException {
        return Files.readString(proc.resolve("sys/kernel/random/boot_id")).trim();
    }

    /**
     * The latest pid that was given to a process or a thread. Pids grow, and begin anew when they are used up.
     */
    long newestPid() throws IOException {
        String load = Files.readString(proc.resolve("loadavg")).trim();
        try {
            return Long.parseLong(load.substring(load.lastIndexOf(' ') + 1));
        } catch (NumberFormatException e) {
            throw new IOException(proc.resolve("loadavg") + " names no pid at its end: \"" + load + "\"", e);
        }
    }

    Reading<ProcStat> stat(long pid) {
        Reading<String> text = text(pid, "stat", LIMIT);
        if (text instanceof Reading.Found<String> found) {
            return new Reading.Found<>(ProcStat.parse(found.value()));
        }
        return text instanceof Reading.Refused<String> refused
                ? new Reading.Refused<>(refused.reason())
                : new Reading.Gone<>();
    }

    /** Parent first, up to pid 1 or to the edge of the pid namespace. */
    List<ProcStat> ancestors(ProcStat stat) {
        List<ProcStat> ancestors = new ArrayList<>();
        for (Optional<ProcStat> next = parent(stat); next.isPresent(); next = parent(next.get())) {
            ancestors.add(next.get());
        }
        return ancestors;
    }

    /** A parent that started after its child is none: the real one has ended meanwhile and its pid has passed on. */
    Optional<ProcStat> parent(ProcStat child) {
        return child.parent() == 0
                ? Optional.empty()
                : stat(child.parent()).found().filter(parent -> parent.startTicks() <= child.startTicks());
    }

    /** What the process runs. */
    Program program(ProcStat stat) {
        return new Program(
                stat.pid(),
                stat.comm(),
                text(stat.pid(), "cmdline").map(ProcText::commandLine).orElse(List.of()),
                link(stat.pid(), "exe"));
    }

    /** A file of the process; empty when it has gone or the file was denied. */
    Optional<String> text(long pid, String name) {
        return text(pid, name, LIMIT).found();
    }

    /** The whole environment; empty when denied. */
    Optional<String> environment(long pid) {
        try {
            return Environment.read(root + pid, ENVIRONMENT_LIMIT, ExecWait.forOneLook())
                    .text();
        } catch (CallException e) {
            return Optional.empty();
        }
    }

    /** The target of {@code exe} or {@code cwd}; empty when denied, or for kernel threads. */
    Optional<String> link(long pid, String name) {
        try {
            return Optional.of(FileText.link(root + pid + "/" + name));
        } catch (CallException e) {
            return Optional.empty();
        }
    }

    /** Does the process have one of these sockets open? Cost: one readlink for each of its descriptors. */
    Reading<Boolean> holdsAny(long pid, Set<Long> inodes) {
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(directory(pid).resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (isOneOf(descriptor, inodes)) {
                    return new Reading.Found<>(true);
                }
            }
            return new Reading.Found<>(false);
        } catch (NoSuchFileException e) {
            return new Reading.Gone<>();
        } catch (IOException | DirectoryIteratorException e) {
            return new Reading.Refused<>("its descriptors can't be read: " + e.getMessage());
        }
    }

    private static boolean isOneOf(Path descriptor, Set<Long> inodes) {
        try {
            return ProcText.socketInode(Files.readSymbolicLink(descriptor).toString())
                    .filter(inodes::contains)
                    .isPresent();
        } catch (IOException e) {
            // Closed between two reads: then it is none of them.
            return false;
        }
    }

    private Reading<String> text(long pid, String name, int limit) {
        String file = root + pid + "/" + name;
        try {
            return new Reading.Found<>(FileText.read(file, limit));
        } catch (CallException e) {
            // ESRCH when the process ended between open and read.
            return e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH
                    ? new Reading.Gone<>()
                    : new Reading.Refused<>(file + " can't be read: " + Errno.describe(e.errno()));
        }
    }

    private Path directory(long pid) {
        return proc.resolve(Long.toString(pid));
    }
}
