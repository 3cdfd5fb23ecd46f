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

    /** Made and read here and copied as a whole: a direct buffer is slow byte by byte. */
    private final byte[] bytes = new byte[64];

    private final ByteBuffer path = ByteBuffer.allocateDirect(bytes.length);
    /** {@code socket:[4294967295]} has 19 bytes; what is longer is no socket. */
    private final ByteBuffer target = ByteBuffer.allocateDirect(bytes.length);

    private final long pathAddress = SocketCalls.address(path);
    private final long targetAddress = SocketCalls.address(target);

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
        long[] pids = new long[names.length];
        int count = 0;
        for (String name : names) {
            if (isNumber(name)) {
                // Negated, so that the newest comes first once they are sorted.
                pids[count++] = -Long.parseLong(name);
            }
        }
        pids = Arrays.copyOf(pids, count);
        Arrays.sort(pids);
        for (int i = 0; i < count; i++) {
            pids[i] = -pids[i];
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
        bytes[end] = 0;
        path.put(0, bytes, 0, end + 1);
        int length = (int) SocketCalls.readlink(pathAddress, targetAddress, bytes.length);
        if (length < 0) {
            return -SocketCalls.errno();
        }
        target.get(0, bytes, 0, length);
        return socketInode(bytes, length);
    }

    /** The number in {@code socket:[123]}; 0 for any other text. */
    static long socketInode(byte[] text, int length) {
        if (length < SOCKET.length + 2 || text[length - 1] != ']') {
            return 0;
        }
        for (int i = 0; i < SOCKET.length; i++) {
            if (text[i] != SOCKET[i]) {
                return 0;
            }
        }
        long inode = 0;
        for (int i = SOCKET.length; i < length - 1; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            inode = inode * 10 + digit;
        }
        return inode;
    }

    private int put(byte[] part, int at) {
        System.arraycopy(part, 0, bytes, at, part.length);
        return at + part.length;
    }

    /** Writes digits without making a string: this runs for every descriptor of every process. */
    private int number(long value, int at) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    private static boolean isNumber(String name) {
        return !name.isEmpty() && name.charAt(0) >= '0' && name.charAt(0) <= '9';
    }
}
