package dev.berth.host.linux;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A short file below {@code /proc} that is read again and again, kept open: one call reads it anew, some 2 µs. Not safe for use
 * by two threads at once.
 */
final class KeptFile implements Closeable {
    /** Those that are read so have some 150 bytes; one that fills this is not what is known of it. */
    private static final int MOST_BYTES = 2048;

    private final ByteBuffer content = ByteBuffer.allocateDirect(MOST_BYTES);
    private final long contentAddress = SocketCalls.address(content);
    private final byte[] bytes = new byte[MOST_BYTES];
    /** Below 0 once closed. */
    private int descriptor;

    private KeptFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /** @throws CallException with the kernel's reason */
    static KeptFile open(String path) throws CallException {
        int descriptor = FileCalls.open(CText.of(path), FileCalls.O_RDONLY | FileCalls.O_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new CallException("opening " + path, FileCalls.errno());
        }
        return new KeptFile(descriptor);
    }

    /** What it says now; empty when it can't be read, is empty or too long. */
    Optional<String> text() {
        int length = descriptor < 0 ? -1 : (int) FileCalls.pread(descriptor, contentAddress, MOST_BYTES, 0);
        if (length <= 0 || length == MOST_BYTES) {
            return Optional.empty();
        }
        content.get(0, bytes, 0, length);
        return Optional.of(new String(bytes, 0, length, StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        if (descriptor >= 0) {
            FileCalls.close(descriptor);
            descriptor = -1;
        }
    }
}
