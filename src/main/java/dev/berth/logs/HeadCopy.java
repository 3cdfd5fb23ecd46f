package dev.berth.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Copies a log's head, so that it is on disk under a name of its own before it is taken from the live file. */
final class HeadCopy {
    static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private static final int BUFFER = 1 << 16;

    /** The kernel copies without us; in pieces, so that a thread that is told to stop can. */
    private static final long PIECE = 1 << 20;

    private HeadCopy() {}

    /** Makes a whole copy of a part of the live file, which survives the loss of power, under the name that says so. */
    static void make(LogFiles files, FileChannel live, long from, long to) throws IOException {
        try (FileChannel copy = FileChannel.open(
                files.copying(),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            give(files);
            if (transfer(live, from, to, copy) != to) {
                throw new IOException(
                        files.live() + " became shorter while its head was copied: somebody else cuts it");
            }
            copy.force(false);
        } catch (IOException failed) {
            // Half a copy makes a full disk no better.
            Files.deleteIfExists(files.copying());
            throw failed;
        }
        Files.move(files.copying(), files.head(), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(files.directory(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** What a user said stays that user's, although root copies it. */
    private static void give(LogFiles files) throws IOException {
        FileOwnerAttributeView live = view(files.live());
        FileOwnerAttributeView copy = view(files.copying());
        if (live != null && copy != null && !live.getOwner().equals(copy.getOwner())) {
            copy.setOwner(live.getOwner());
        }
    }

    private static @Nullable FileOwnerAttributeView view(Path file) {
        return Files.getFileAttributeView(file, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** @return where in the file it ended: at {@code to}, or before it at the file's end */
    static long transfer(FileChannel file, long from, long to, FileChannel into) throws IOException {
        long at = from;
        while (at < to) {
            long bytes = file.transferTo(at, Math.min(to - at, PIECE), into);
            if (bytes <= 0) {
                break;
            }
            at += bytes;
        }
        return at;
    }

    /** Does the live file begin with what the copy holds? */
    static boolean isStillThere(LogFiles files) throws IOException {
        try (FileChannel live = LogFiles.open(files.live());
                FileChannel head = LogFiles.open(files.head())) {
            if (live.size() < head.size()) {
                return false;
            }
            for (long at = 0; at < head.size(); at += BUFFER) {
                int length = (int) Math.min(BUFFER, head.size() - at);
                if (!read(live, at, length).equals(read(head, at, length))) {
                    return false;
                }
            }
            return true;
        }
    }

    private static ByteBuffer read(FileChannel file, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = file.read(buffer, from + buffer.position());
        }
        return buffer.flip();
    }
}
