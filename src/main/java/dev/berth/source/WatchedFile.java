package dev.berth.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One file, read anew with each look: that sees every kind of change, by editors that write in place as by those that rename,
 * through symbolic links, and on file systems that tell nobody of changes (networks, mounts into containers).
 */
public final class WatchedFile implements DeclarationSource {
    /** Of the only source that Berth brings along. */
    public static final String NAME = "file";

    private final Path file;
    private final int most;

    /**
     * @param file absolute; relative paths in it start from its directory, and not from where a link leads
     * @param most how many bytes are read; one more is enough for the reader to refuse it
     */
    public WatchedFile(Path file, int most) {
        this.file = file;
        this.most = most;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Text> read() throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a directory, and a file is wanted");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return List.of(new Text(file.toString(), in.readNBytes(most + 1), Optional.ofNullable(file.getParent())));
        } catch (NoSuchFileException gone) {
            throw new IOException(file + " is not there", gone);
        } catch (AccessDeniedException denied) {
            throw new IOException(file + " may not be read: check its owner and mode", denied);
        }
    }
}
