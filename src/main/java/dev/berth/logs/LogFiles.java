package dev.berth.logs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of one log: {@code NAME.log}, which the service appends to, and its past in {@code NAME.log.1} (the newest) to
 * {@code NAME.log.N}. Put together, oldest first, they are what the service wrote, byte for byte; a line may begin in one
 * and end in the next.
 *
 * @param live the file that is written to
 */
record LogFiles(Path live) {
    /** No rotated file has a higher number. */
    static final int MOST = 99;

    Path rotated(int number) {
        return sibling("." + number);
    }

    /** A copy of the head that is being made, and worth nothing yet. */
    Path copying() {
        return sibling(".copying");
    }

    /** A whole copy of the head, while that is taken from the live file. */
    Path head() {
        return sibling(".rotating");
    }

    /** Those that are there, the newest first. */
    List<Path> rotated() {
        List<Path> files = new ArrayList<>();
        for (int number = 1; number <= MOST && Files.exists(rotated(number)); number++) {
            files.add(rotated(number));
        }
        return files;
    }

    /**
     * Opens one of them to be read. A symbolic link is none of them, wherever it leads: whoever could put it there must not
     * have another file told in the place of a log.
     */
    static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /** Its length in bytes, 0 when there is none. One look at the disk and no exception, because it is asked all the time. */
    long size() {
        return live.toFile().length();
    }

    /** The directory with all of them. */
    Path directory() throws IOException {
        Path directory = live.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(live + " is no file in a directory");
        }
        return directory;
    }

    private Path sibling(String ending) {
        return live.resolveSibling(live.getFileName() + ending);
    }
}
