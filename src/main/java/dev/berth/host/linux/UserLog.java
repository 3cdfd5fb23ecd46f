package dev.berth.host.linux;

import dev.berth.host.Account;
import dev.berth.host.Launcher.LaunchException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the log of a service that runs as a user: a file of that user's, for nobody else to read, in a directory of root's that
 * everybody may enter. Only root can put another file or a symbolic link in its place there, so what root then opens under that
 * name, to write, rotate or read, is what was made here.
 */
final class UserLog {
    private static final String DIRECTORY_MODE = "rwxr-xr-x";
    private static final String FILE_MODE = "rw-------";

    private UserLog() {}

    /** @throws LaunchException when it is not there afterwards as it should be; it is then left as it was found */
    static void prepare(Path log, Account account) throws LaunchException {
        try {
            makeDirectory(log);
            Optional<String> fault = TrustedPath.fault(directory(log));
            if (fault.isPresent()) {
                throw wrong(log, fault.get());
            }
            make(log, account);
        } catch (IOException failed) {
            throw new LaunchException("the log " + log + " can't be written: " + failed.getMessage(), failed);
        }
    }

    private static Path directory(Path log) throws IOException {
        Path directory = log.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(log + " is no file in a directory");
        }
        return directory;
    }

    /** Its own mode, whatever the mask of this process. */
    private static void makeDirectory(Path log) throws IOException {
        Path directory = directory(log);
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(DIRECTORY_MODE));
        }
    }

    private static void make(Path log, Account account) throws IOException, LaunchException {
        try (FileChannel made = FileChannel.open(
                log,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FILE_MODE)))) {
            give(log, account);
            made.force(false);
        } catch (FileAlreadyExistsException there) {
            check(log, account);
        }
    }

    private static void give(Path file, Account account) throws IOException {
        Files.setAttribute(file, "unix:gid", (int) account.gid(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:uid", (int) account.user().uid(), LinkOption.NOFOLLOW_LINKS);
    }

    /** One of another user's holds what that one's service said: neither of them may get what is the other's. */
    private static void check(Path log, Account account) throws IOException, LaunchException {
        Map<String, Object> attributes = Files.readAttributes(log, "unix:uid,isRegularFile", LinkOption.NOFOLLOW_LINKS);
        if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
            throw wrong(log, "it is no plain file; move it away");
        }
        if (!(attributes.get("uid") instanceof Integer uid)
                || Integer.toUnsignedLong(uid) != account.user().uid()) {
            throw wrong(
                    log,
                    "it belongs to uid " + attributes.get("uid") + ", not to " + account.name()
                            + ", whose service this is now; move it away");
        }
    }

    private static LaunchException wrong(Path log, String why) {
        return new LaunchException("the log " + log + " can't be used: " + why);
    }
}
