package dev.berth.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** The files of the machine as somebody sees them who has certain rights. Safe for use by many threads. */
public interface FileView {
    /** What a path leads to, symbolic links followed. */
    enum Kind {
        /** Nothing; or it lies behind a directory that may not be entered. */
        MISSING,
        FILE,
        /** A file that may be executed. */
        PROGRAM,
        /** A directory that may be entered. */
        DIRECTORY,
        CLOSED_DIRECTORY,
        /** A device, a pipe, a socket. */
        OTHER
    }

    /**
     * Looks at paths.
     *
     * @param paths absolute ones
     * @return one answer for each, in the same order
     * @throws IOException when they can't be looked at
     */
    List<Kind> look(List<Path> paths) throws IOException;

    default Kind look(Path path) throws IOException {
        return look(List.of(path)).get(0);
    }

    /**
     * The beginning of a regular file; anything else is never opened for reading.
     *
     * @param most bytes
     * @throws IOException when it is no regular file or may not be read; the message says so of the file, in words that can
     *     follow its name
     */
    byte[] read(Path file, int most) throws IOException;

    /**
     * Tells changes of files apart, without keeping what is in them.
     *
     * @param directory need not be there
     * @param names of files in it, as shells match them: {@code *} stands for any letters
     * @return by the names of the files that are there, bytes that become others when the content does
     */
    SortedMap<String, byte[]> signatures(Path directory, List<String> names);
}
