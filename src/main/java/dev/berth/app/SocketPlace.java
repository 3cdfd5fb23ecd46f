package dev.berth.app;

import dev.berth.host.linux.TrustedPath;
import dev.berth.model.Mode;
import dev.berth.model.PathText;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The Unix socket: in the data directory for one user; in a directory that everybody finds and only root changes for a whole
 * machine. The kernel tells who connects, so that everybody may.
 *
 * @param path empty where there is no room for one
 * @param open whether every user of the machine may connect
 * @param lock of the directory, where it is not the data directory's
 */
record SocketPlace(Optional<Path> path, boolean isOpen, Optional<FileLock> lock) {
    private static final Logger LOG = Logger.getLogger(SocketPlace.class);

    /** The kernel takes at most 108 bytes for the path of a Unix socket; some of them are left to spare. */
    private static final int LONGEST = 100;

    private static final Path OF_THE_MACHINE = Path.of("/run/berth/berth.sock");
    private static final String NAME = "berth.sock";

    /**
     * Makes the directory, without what a killed daemon left there.
     *
     * @throws StartException when others could put a socket of their own in its place, or another daemon uses it
     */
    static SocketPlace prepare(Mode mode, Map<String, String> environment, DataDirectory data) throws StartException {
        // Only netty's epoll transport, and so only Linux, is on board.
        if (!System.getProperty("os.name").equals("Linux")) {
            return new SocketPlace(Optional.empty(), false, Optional.empty());
        }
        return mode == Mode.SHARED ? ofTheMachine(environment) : ofOneUser(data);
    }

    private static SocketPlace ofOneUser(DataDirectory data) throws StartException {
        Optional<Path> directory = data.path().map(path -> path.resolve("run"));
        if (directory.isEmpty()) {
            return new SocketPlace(Optional.empty(), false, Optional.empty());
        }
        Path socket = directory.get().resolve(NAME);
        try {
            DataDirectory.makeDirectories(directory.get());
            // The data directory's lock is held: nobody uses it.
            Files.deleteIfExists(socket);
        } catch (IOException refused) {
            throw data.cannotPrepare(refused);
        }
        boolean fits = socket.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST;
        return new SocketPlace(fits ? Optional.of(socket) : Optional.empty(), false, Optional.empty());
    }

    private static SocketPlace ofTheMachine(Map<String, String> environment) throws StartException {
        Path socket = PathText.given(environment, "BERTH_SOCKET").map(Path::of).orElse(OF_THE_MACHINE);
        Path directory = socket.getParent();
        if (!socket.isAbsolute()
                || directory == null
                || socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new StartException(
                    StartException.WRONG_VALUE,
                    "BERTH_SOCKET is \"" + socket + "\"; wanted is an absolute path of at most " + LONGEST + " bytes");
        }
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            Path real = requireSafe(directory);
            // Whatever the umask of the start was: everybody finds it, and nobody else writes there.
            Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwxr-xr-x"));
            FileLock lock = lock(real);
            Path there = real.resolve(socket.getFileName());
            Files.deleteIfExists(there);
            return new SocketPlace(Optional.of(there), true, Optional.of(lock));
        } catch (IOException refused) {
            throw new StartException(
                    StartException.REFUSED,
                    "the directory " + directory + " of the Unix socket can't be prepared: "
                            + DataDirectory.words(refused));
        }
    }

    /**
     * Where the directory really is. Who can change it, or any directory that leads to it, could put another socket in its
     * place, and be told other users' secrets.
     */
    private static Path requireSafe(Path directory) throws IOException, StartException {
        Optional<String> fault = TrustedPath.fault(directory);
        if (fault.isPresent() || !Files.isDirectory(directory)) {
            throw new StartException(
                    StartException.REFUSED,
                    directory + " is not a directory that only root can change, and so no place for the socket that all"
                            + " users trust: " + fault.orElse("it is no directory")
                            + "; make it and all above it root's with mode 755, or set BERTH_SOCKET to another place");
        }
        return directory.toRealPath();
    }

    private static FileLock lock(Path directory) throws IOException, StartException {
        FileChannel channel = FileChannel.open(
                directory.resolve("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new StartException(
                    StartException.REFUSED,
                    "another Berth serves this machine on " + directory + "; use it, or stop it");
        }
        return lock;
    }

    /** Lets every user connect, when the socket is there. */
    void open() {
        if (!isOpen) {
            return;
        }
        try {
            Files.setPosixFilePermissions(path.orElseThrow(), PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException refused) {
            LOG.warnf("%s can't be opened to all users: %s", path.orElseThrow(), refused.getMessage());
        }
    }
}
