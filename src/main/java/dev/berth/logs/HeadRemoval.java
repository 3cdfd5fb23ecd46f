package dev.berth.logs;

import java.io.IOException;
import java.nio.file.Path;

/** Takes bytes away from the beginning of a file that others append to, so that no write of theirs is lost or torn. */
@FunctionalInterface
public interface HeadRemoval {
    /** Where nothing of the kind exists. */
    HeadRemoval NONE = (file, bytes) -> false;

    /**
     * Removes exactly the first bytes; what follows moves to the front, in one step for everybody who writes or reads.
     *
     * @param bytes a multiple of the file system's block size, less than the file has
     * @return false where the file system can't; then nothing was changed
     * @throws IOException when it can, and failed
     */
    boolean remove(Path file, long bytes) throws IOException;
}
