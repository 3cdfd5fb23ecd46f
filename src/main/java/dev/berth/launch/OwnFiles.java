package dev.berth.launch;

import dev.berth.host.FileView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files as Berth itself sees them. */
public final class OwnFiles implements FileView {
    /** Of larger files size and time of change are taken instead of the content. */
    private static final long LARGEST_READ = 1L << 20;

    @Override
    public List<Kind> look(List<Path> paths) {
        return paths.stream().map(OwnFiles::kind).toList();
    }

    private static Kind kind(Path path) {
        if (Files.isDirectory(path)) {
            return Files.isExecutable(path) ? Kind.DIRECTORY : Kind.CLOSED_DIRECTORY;
        }
        if (Files.isRegularFile(path)) {
            return Files.isExecutable(path) ? Kind.PROGRAM : Kind.FILE;
        }
        return Files.exists(path) ? Kind.OTHER : Kind.MISSING;
    }

    @Override
    public byte[] read(Path file, int most) throws IOException {
        // Reading anything else might never end.
        if (!Files.isRegularFile(file)) {
            throw new IOException("is not a regular file");
        }
        if (!Files.isReadable(file)) {
            throw new IOException("may not be read: check its owner and mode");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        } catch (IOException failed) {
            throw new IOException("can't be read: " + failed.getMessage(), failed);
        }
    }

    @Override
    public SortedMap<String, byte[]> signatures(Path directory, List<String> names) {
        SortedMap<String, byte[]> signatures = new TreeMap<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "{" + String.join(",", names) + "}")) {
            found.forEach(file -> signatures.put(String.valueOf(file.getFileName()), signature(file)));
        } catch (IOException | DirectoryIteratorException unreadable) {
            // A directory that is not there has none; that it is missing is told when the command is prepared.
            signatures.clear();
        }
        return signatures;
    }

    private static byte[] signature(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isRegularFile() && attributes.size() <= LARGEST_READ && Files.isReadable(file)) {
                return Files.readAllBytes(file);
            }
            return (attributes.size() + " " + attributes.lastModifiedTime()).getBytes(StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "unreadable".getBytes(StandardCharsets.UTF_8);
        }
    }
}
