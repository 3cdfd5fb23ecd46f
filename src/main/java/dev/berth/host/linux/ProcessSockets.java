package dev.berth.host.linux;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Which process has which socket open, by the links of {@code /proc/PID/fd}. The links are read and never followed: to stat
 * through them could wait for a dead network mount. Not safe for use by two threads at once.
 */
final class ProcessSockets {
    private static final byte[] SOCKET = "socket:[".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ROOT = "/proc/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DESCRIPTORS = "/fd/".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuffer path = ByteBuffer.allocateDirect(64);
    /** {@code socket:[4294967295]} has 19 bytes; what is longer is no socket. */
    private final ByteBuffer target = ByteBuffer.allocateDirect(64);

    /** How much of a process could be read. */
    enum Sight {
        READ,
        GONE,
        DENIED
    }

    /** Takes what was found. */
    @FunctionalInterface
    interface Hit {
        void found(long pid, int descriptor, long inode);
    }

    /** Every process that can be seen, newest first (by pid; only an order, so that a wrap does no harm). */
    long[] pids() throws IOException {
        String[] names = new File("/proc").list();
        if (names == null) {
            throw new IOException("/proc can't be listed: is it mounted, and may this user read it?");
        }
        long[] pids = Arrays.stream(names)
                .filter(ProcessSockets::isNumber)
                .mapToLong(Long::parseLong)
                .sorted()
                .toArray();
        for (int i = 0; i < pids.length / 2; i++) {
            long swap = pids[i];
            pids[i] = pids[pids.length - 1 - i];
            pids[pids.length - 1 - i] = swap;
        }
        return pids;
    }

    /** Which user the process belongs to, as {@code /proc} shows it: root for those that hide from tracing. */
    OptionalLong owner(long pid) {
        try {
            Object uid = Files.getAttribute(Path.of("/proc/" + pid), "unix:uid");
            return uid instanceof Integer number ? OptionalLong.of(number & 0xffff_ffffL) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Looks through all descriptors of a process.
     *
     * @param wanted inodes, in ascending order
     */
    Sight scan(long pid, long[] wanted, Hit hit) {
        String[] names = new File("/proc/" + pid + "/fd").list();
        if (names == null) {
            return isDenied(readlink(pid, 0)) ? Sight.DENIED : Sight.GONE;
        }
        Sight sight = Sight.READ;
        for (String name : names) {
            if (!isNumber(name)) {
                continue;
            }
            int descriptor = Integer.parseInt(name);
            long inode = readlink(pid, descriptor);
            if (inode > 0 && Arrays.binarySearch(wanted, inode) >= 0) {
                hit.found(pid, descriptor, inode);
            } else if (isDenied(inode)) {
                // Root without CAP_SYS_PTRACE may list, but not read.
                sight = Sight.DENIED;
            }
        }
        return sight;
    }

    /** The proof: does this descriptor of this process lead to the socket, now? */
    boolean has(long pid, int descriptor, long inode) {
        return readlink(pid, descriptor) == inode;
    }

    private static boolean isDenied(long answer) {
        return answer == -Errno.EACCES || answer == -Errno.EPERM;
    }

    /** The socket's inode, 0 for what is no socket, a negative errno when the link can't be read. */
    private long readlink(long pid, int descriptor) {
        int end = number(pid, put(ROOT, 0));
        end = number(descriptor, put(DESCRIPTORS, end));
        path.put(end, (byte) 0);
        long length = SocketCalls.readlink(path, target, target.capacity());
        return length < 0 ? -SocketCalls.errno() : socketInode(target, (int) length);
    }

    /** The number in {@code socket:[123]}; 0 for any other text. */
    static long socketInode(ByteBuffer text, int length) {
        if (length < SOCKET.length + 2 || text.get(length - 1) != ']') {
            return 0;
        }
        for (int i = 0; i < SOCKET.length; i++) {
            if (text.get(i) != SOCKET[i]) {
                return 0;
            }
        }
        long inode = 0;
        for (int i = SOCKET.length; i < length - 1; i++) {
            int digit = text.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            inode = inode * 10 + digit;
        }
        return inode;
    }

    private int put(byte[] bytes, int at) {
        for (int i = 0; i < bytes.length; i++) {
            path.put(at + i, bytes[i]);
        }
        return at + bytes.length;
    }

    /** Writes digits without making a string: this runs for every descriptor of every process. */
    private int number(long value, int at) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            path.put(i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        return at + digits;
    }

    private static boolean isNumber(String name) {
        return !name.isEmpty() && name.charAt(0) >= '0' && name.charAt(0) <= '9';
    }
}
