package dev.berth.host.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads small files whole, with nothing but open, read and close: some 10 µs for one below {@code /proc}, a quarter of what
 * the JDK's channels take.
 */
final class FileText {
    /** A line of {@code stat} has some 300 bytes. */
    static final int STAT_BYTES = 1024;

    /** Most environments have a few thousand bytes. */
    static final int ENVIRONMENT_BYTES = 16 * 1024;

    private FileText() {}

    /**
     * The file's text; what is not UTF-8 in it is replaced.
     *
     * @param bytes of most such files; room is made for longer ones
     * @param limit where the rest is left out, in bytes
     * @throws CallException with the kernel's reason
     */
    static String read(String path, int bytes, int limit) throws CallException {
        int descriptor = FileCalls.open(CText.bytes(path), FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new CallException("opening " + path, FileCalls.errno());
        }
        try {
            byte[] chunk = new byte[Math.min(bytes, limit)];
            int read = read(descriptor, chunk, chunk.length, path);
            if (read < chunk.length || read == limit) {
                return new String(chunk, 0, read, StandardCharsets.UTF_8);
            }
            ByteArrayOutputStream content = new ByteArrayOutputStream(2 * read);
            // Files below /proc fill what they are given as long as they have anything.
            while (read == chunk.length && content.size() + read < limit) {
                content.write(chunk, 0, read);
                read = read(descriptor, chunk, Math.min(chunk.length, limit - content.size()), path);
            }
            content.write(chunk, 0, read);
            return content.toString(StandardCharsets.UTF_8);
        } finally {
            FileCalls.close(descriptor);
        }
    }

    private static int read(int descriptor, byte[] into, int most, String path) throws CallException {
        int read = (int) FileCalls.read(descriptor, into, most);
        if (read < 0) {
            throw new CallException("reading " + path, FileCalls.errno());
        }
        return read;
    }
}
