package dev.berth.host.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The control group in which a socket was made: a hint at the systemd unit or container behind a socket whose process can't
 * be seen. The kernel names the group by the inode of its directory. For any thread.
 */
final class CgroupNames {
    /** More groups than any development machine has; what is beyond stays nameless. */
    private static final int MOST_GROUPS = 5_000;

    private final Optional<Path> root;
    /** Groups that are not there any more stay empty: their numbers never come back. */
    private final Map<Long, Optional<String>> known = new HashMap<>();

    /** @param root where cgroup2 is mounted */
    CgroupNames(Optional<Path> root) {
        this.root = root;
    }

    static CgroupNames system() {
        try {
            return new CgroupNames(
                    mountPoint(Files.readString(Path.of("/proc/self/mounts"), StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            return new CgroupNames(Optional.empty());
        }
    }

    /** Where the unified hierarchy is, from the text of {@code /proc/self/mounts}. */
    static Optional<Path> mountPoint(String mounts) {
        return mounts.lines()
                .map(line -> line.split(" "))
                .filter(fields -> fields.length > 2 && fields[2].equals("cgroup2"))
                .map(fields -> Path.of(fields[1]))
                .findFirst();
    }

    /** The group's path below the root, such as {@code /system.slice/nginx.service}; empty for the root itself. */
    synchronized Optional<String> of(InetSocket socket) {
        if (root.isEmpty() || socket.cgroup().isEmpty()) {
            return Optional.empty();
        }
        long id = socket.cgroup().getAsLong();
        if (!known.containsKey(id)) {
            learn(root.get());
            known.putIfAbsent(id, Optional.empty());
        }
        return known.get(id);
    }

    private void learn(Path mount) {
        Map<Long, Optional<String>> found = new HashMap<>();
        FileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                inode(directory)
                        .ifPresent(inode -> found.put(
                                inode,
                                Optional.of("/" + mount.relativize(directory)).filter(path -> !path.equals("/"))));
                return found.size() < MOST_GROUPS ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                // Removed meanwhile.
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(mount, visitor);
        } catch (IOException e) {
            // The visitor passes over what it can't read. Names are for people only: what was read is used.
        }
        if (known.size() > MOST_GROUPS) {
            known.clear();
        }
        known.putAll(found);
    }

    private static Optional<Long> inode(Path directory) {
        try {
            return Files.getAttribute(directory, "unix:ino") instanceof Long inode
                    ? Optional.of(inode)
                    : Optional.empty();
        } catch (IOException e) {
            // Removed meanwhile.
            return Optional.empty();
        }
    }
}
