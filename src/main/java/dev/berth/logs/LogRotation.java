package dev.berth.logs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps logs bounded while their services write on. The head of the live file is copied to a file of its own and then taken
 * away. Where the file system can do that in one step ({@link HeadRemoval}), no line is lost or doubled; elsewhere the file is
 * copied and truncated, and what is written in the microseconds between the last look and the cut is lost.
 *
 * <p>A crash loses nothing: a copy that was finished when the head may or may not have been taken is compared with the live
 * file at the next look. Only a log that repeats itself byte for byte over the whole length of the head could deceive that, and
 * what is dropped then stands there again.
 *
 * <p>For one thread.
 */
public final class LogRotation {
    /** Where all services are one user's. */
    public static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    /** Where each log in it is for its own user to read. */
    public static final Set<PosixFilePermission> OPEN_DIRECTORY = PosixFilePermissions.fromString("rwxr-xr-x");

    /** A service that writes faster than a disk copies must not keep a truncation from ever coming. */
    private static final int CATCHING_UP = 16;

    private final LogPositions positions;
    private final HeadRemoval removal;
    private final Set<PosixFilePermission> directories;
    private final Set<Path> seen = new HashSet<>();
    /** Logs on file systems that can't take a head away; asked once, because the question costs a copy. */
    private final Set<Path> truncated = new HashSet<>();

    /**
     * @param positions the readers' too
     * @param directories the mode that directories of logs are given
     */
    public LogRotation(LogPositions positions, HeadRemoval removal, Set<PosixFilePermission> directories) {
        this.positions = positions;
        this.removal = removal;
        this.directories = directories;
    }

    /**
     * How much is kept of each log.
     *
     * @param size in bytes; a live file that is larger is rotated
     * @param files how many rotated files are kept beside it
     */
    public record Limits(long size, int files) {
        public Limits {
            if (size < 1 || files < 1 || files > LogFiles.MOST) {
                throw new IllegalArgumentException("no such limits: " + size + " bytes, " + files + " files");
            }
        }
    }

    /** Forgets the logs of services that are gone; their files stay. */
    public void keepOnly(Collection<Path> logs) {
        positions.keepOnly(logs);
        seen.retainAll(Set.copyOf(logs));
        truncated.retainAll(Set.copyOf(logs));
    }

    /**
     * Looks at one log, and rotates it when it is larger than its limit. Costs one look at the file when it is not.
     *
     * @return whether it was rotated
     * @throws IOException when it could not be; the live file is whole, and the next look tries again
     */
    public boolean check(Path log, Limits limits) throws IOException {
        LogFiles files = new LogFiles(log);
        long size = files.size();
        if (size == 0 || (size <= limits.size() && seen.contains(log))) {
            return false;
        }
        if (!Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(log + " is not a plain file, so it is not rotated; move it away");
        }
        if (seen.add(log)) {
            makeOwnerOnly(files);
        }
        recover(files);
        if (size <= limits.size()) {
            return false;
        }
        rotate(files, limits);
        return true;
    }

    private void rotate(LogFiles files, Limits limits) throws IOException {
        long block = Files.getFileStore(files.live()).getBlockSize();
        long head = limits.size() / block * block;
        if (head == 0 || truncated.contains(files.live())) {
            truncate(files, limits);
            return;
        }
        discardExcess(files, limits, head);
        while (files.size() > limits.size()) {
            dropFrom(files, limits.files());
            if (!collapse(files, head)) {
                truncated.add(files.live());
                truncate(files, limits);
                return;
            }
        }
    }

    /** What would be rotated out at once is not copied first: a log may have grown for days while Berth was down. */
    private void discardExcess(LogFiles files, Limits limits, long head) throws IOException {
        long excess = (files.size() - (limits.files() + 1) * head) / head * head;
        if (excess <= 0) {
            return;
        }
        LogPositions.Origin origin = positions.of(files.live());
        origin.lock().writeLock().lock();
        try {
            if (removal.remove(files.live(), excess)) {
                origin.remove(excess);
                // Older than what is gone now.
                dropFrom(files, 1);
            }
        } finally {
            origin.lock().writeLock().unlock();
        }
    }

    private boolean collapse(LogFiles files, long bytes) throws IOException {
        try (FileChannel live = LogFiles.open(files.live())) {
            HeadCopy.make(files, live, 0, bytes);
            // The kernel writes the rest of the file out before it cuts, and lets nobody append meanwhile.
            live.force(false);
        }
        LogPositions.Origin origin = positions.of(files.live());
        origin.lock().writeLock().lock();
        try {
            if (!removal.remove(files.live(), bytes)) {
                Files.delete(files.head());
                return false;
            }
            origin.remove(bytes);
            putFirst(files);
            return true;
        } finally {
            origin.lock().writeLock().unlock();
        }
    }

    /** For file systems that can't take a head away. */
    private void truncate(LogFiles files, Limits limits) throws IOException {
        long kept = limits.size() * limits.files();
        dropFrom(files, limits.files());
        LogPositions.Origin origin = positions.of(files.live());
        try (FileChannel live = FileChannel.open(
                files.live(), StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            long end = live.size();
            HeadCopy.make(files, live, Math.max(0, end - kept), end);
            origin.lock().writeLock().lock();
            try (FileChannel copy =
                    FileChannel.open(files.head(), StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS)) {
                for (int pass = 0; pass < CATCHING_UP; pass++) {
                    long now = HeadCopy.transfer(live, end, Long.MAX_VALUE, copy);
                    if (now == end) {
                        break;
                    }
                    end = now;
                }
                live.truncate(0);
                origin.remove(end);
                putFirst(files);
            } finally {
                origin.lock().writeLock().unlock();
            }
        }
        dropBeyond(files, kept);
    }

    /** What a crash has left: a half copy is worth nothing, a whole one everything unless its bytes are in the live file still. */
    private void recover(LogFiles files) throws IOException {
        Files.deleteIfExists(files.copying());
        if (!Files.exists(files.head())) {
            return;
        }
        LogPositions.Origin origin = positions.of(files.live());
        origin.lock().writeLock().lock();
        try {
            if (HeadCopy.isStillThere(files)) {
                Files.delete(files.head());
            } else {
                putFirst(files);
            }
        } finally {
            origin.lock().writeLock().unlock();
        }
    }

    /** Makes the head the newest of the rotated files. Broken off anywhere, it goes on where it stopped. */
    private static void putFirst(LogFiles files) throws IOException {
        int free = files.rotated().size() + 1;
        for (int number = Math.min(free, LogFiles.MOST); number > 1; number--) {
            Files.move(files.rotated(number - 1), files.rotated(number), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(files.head(), files.rotated(1), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Drops the rotated files from this number on. Before the copy, so that a rotation needs no more room than there was. */
    private static void dropFrom(LogFiles files, int first) throws IOException {
        for (int number = LogFiles.MOST; number >= first; number--) {
            Files.deleteIfExists(files.rotated(number));
        }
    }

    /** Drops the oldest while all together have more bytes than that; the newest always stays. */
    private static void dropBeyond(LogFiles files, long bytes) throws IOException {
        long sum = 0;
        int number = 1;
        for (Path file : files.rotated()) {
            sum += Files.size(file);
            if (sum > bytes && number > 1) {
                dropFrom(files, number);
                return;
            }
            number++;
        }
    }

    /** What a service says is nobody else's business, whatever the mask was when the file was made. */
    private void makeOwnerOnly(LogFiles files) throws IOException {
        permit(files.directory(), directories);
        permit(files.live(), HeadCopy.OWNER_ONLY);
        for (Path file : files.rotated()) {
            permit(file, HeadCopy.OWNER_ONLY);
        }
    }

    private static void permit(Path file, Set<PosixFilePermission> wanted) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null && !view.readAttributes().permissions().equals(wanted)) {
            view.setPermissions(wanted);
        }
    }
}
