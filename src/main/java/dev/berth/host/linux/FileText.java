package dev.berth.host.linux;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads small files and links whole, with nothing but open, read and close, or readlink: some 10 µs for a file below {@code
 * /proc}, a quarter of what the JDK's channels take. A short read is taken for the end: for files of one record, as those that
 * tell of a process, and not for those of many, such as {@code maps}.
 */
final class FileText {
    /** Most environments have a few thousand bytes, a line of {@code stat} some 300; where there is more, it is read in pieces. */
    private static final int PIECE = 16 * 1024;

    /** The kernel's PATH_MAX; a longer name is refused by every call. */
    private static final int LONGEST_PATH = 4096;

    /** Native memory costs more to get than most of what is read here; nobody keeps it beyond a call. */
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private FileText() {}

    private static final class Scratch {
        final ByteBuffer path = ByteBuffer.allocateDirect(LONGEST_PATH);
        final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        final long pathAddress = SocketCalls.address(path);
        final long pieceAddress = SocketCalls.address(piece);

        /** Puts the path where the calls find it. */
        void name(String text, String call) throws CallException {
            byte[] bytes = CText.bytes(text);
            if (bytes.length > LONGEST_PATH) {
                throw new CallException(call + " " + text, Errno.ENAMETOOLONG);
            }
            path.put(0, bytes);
        }

        /** The first bytes of the piece. */
        byte[] taken(int length) {
            byte[] bytes = new byte[length];
            piece.get(0, bytes);
            return bytes;
        }
    }

    /**
     * The file's text; what is not UTF-8 in it is replaced.
     *
     * @param limit where the rest is left out, in bytes
     * @throws CallException with the kernel's reason
     */
    static String read(String path, int limit) throws CallException {
        Scratch scratch = SCRATCH.get();
        scratch.name(path, "opening");
        int descriptor = FileCalls.open(scratch.pathAddress, FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new CallException("opening " + path, FileCalls.errno());
        }
        try {
            int most = Math.min(PIECE, limit);
            int read = read(descriptor, scratch, most, path);
            if (read < most || read == limit) {
                return new String(scratch.taken(read), StandardCharsets.UTF_8);
            }
            ByteArrayOutputStream content = new ByteArrayOutputStream(2 * read);
            // Files below /proc fill what they are given as long as they have anything.
            while (read == most && content.size() + read < limit) {
                content.writeBytes(scratch.taken(read));
                most = Math.min(PIECE, limit - content.size());
                read = read(descriptor, scratch, most, path);
            }
            content.writeBytes(scratch.taken(read));
            return content.toString(StandardCharsets.UTF_8);
        } finally {
            FileCalls.close(descriptor);
        }
    }

    private static int read(int descriptor, Scratch into, int most, String path) throws CallException {
        int read = (int) FileCalls.read(descriptor, into.pieceAddress, most);
        if (read < 0) {
            throw new CallException("reading " + path, FileCalls.errno());
        }
        return read;
    }

    /**
     * Where a symbolic link leads; what is not UTF-8 in it is replaced.
     *
     * @throws CallException with the kernel's reason
     */
    static String link(String path) throws CallException {
        Scratch scratch = SCRATCH.get();
        scratch.name(path, "reading the link");
        int length = (int) SocketCalls.readlink(scratch.pathAddress, scratch.pieceAddress, PIECE);
        if (length < 0) {
            throw new CallException("reading the link " + path, SocketCalls.errno());
        }
        return new String(scratch.taken(length), StandardCharsets.UTF_8);
    }
}
