package dev.berth.host.linux;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Takes the head of a file away while others append to it (fallocate(2), FALLOC_FL_COLLAPSE_RANGE). ext4 and xfs do it under
 * the lock that appends take: each write lands whole, before or after.
 */
public final class FileHead {
    private FileHead() {}

    /**
     * Removes exactly the first bytes.
     *
     * @param bytes a multiple of the file system's block size, less than the file has
     * @return false where the file system can't, or not with such a number; then nothing was changed
     * @throws IOException when the file can't be opened for writing, or the disk fails
     */
    public static boolean collapse(Path file, long bytes) throws IOException {
        int fd = FileCalls.open(CText.of(file.toAbsolutePath().toString()), FileCalls.O_RDWR | FileCalls.O_CLOEXEC, 0);
        if (fd < 0) {
            throw new CallException("open " + file, FileCalls.errno());
        }
        try {
            return collapse(fd, file, bytes);
        } finally {
            FileCalls.close(fd);
        }
    }

    private static boolean collapse(int fd, Path file, long bytes) throws IOException {
        while (FileCalls.fallocate(fd, FileCalls.FALLOC_FL_COLLAPSE_RANGE, 0, bytes) != 0) {
            int errno = FileCalls.errno();
            switch (errno) {
                case Errno.EINTR -> {
                    continue;
                }
                case Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.EINVAL -> {
                    return false;
                }
                default -> throw new CallException("fallocate " + file, errno);
            }
        }
        return true;
    }
}
