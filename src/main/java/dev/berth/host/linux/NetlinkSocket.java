package dev.berth.host.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One netlink socket for requests and answers. Not safe for use by two threads at once: its owner guards it.
 *
 * <p>Answers can come from nobody but the kernel: to send to another's sock_diag socket takes CAP_NET_ADMIN.
 */
final class NetlinkSocket implements AutoCloseable {
    private static final int NETLINK_SOCK_DIAG = 4;
    /** The kernel fills at most 32 KiB for one recv; twice that is never cut. */
    private static final int BUFFER = 64 * 1024;
    /**
     * Of every question, so that an answer which tells the same as before has the same bytes. What keeps answers apart is
     * that each is read to its end, or the socket closed.
     */
    private static final int SEQUENCE = 1;
    /** The kernel answers while it takes the request, so this is for a machine that is all but dead. */
    private static final long ANSWER_SECONDS = 2;
    /** A dump that others disturb this often is told as failed; the next tick tries again. */
    private static final int ATTEMPTS = 3;

    private final ByteBuffer request = ByteBuffer.allocateDirect(InetDiag.REQUEST_LENGTH);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.nativeOrder());
    private final long requestAddress = SocketCalls.address(request);
    private final long answerAddress = SocketCalls.address(answer);
    /** Below 0 while there is none: closed, or to be opened again by the next question. */
    private int descriptor;

    private boolean closed;

    NetlinkSocket() throws NetlinkException {
        descriptor = open();
    }

    /** Writes a request. */
    @FunctionalInterface
    interface Request {
        void write(ByteBuffer to, int sequence);
    }

    /** Takes the messages of one attempt. */
    interface Collector extends NetlinkReply.Sink {
        /** Called before each attempt: forgets what an attempt before it told. */
        void begin();

        /** Takes a datagram as a whole when it is known; otherwise its messages follow, and then {@link #told}. */
        default boolean repeats(ByteBuffer datagram, int length) {
            return false;
        }

        /** Every message of the datagram was told, and the answer goes on. */
        default void told(ByteBuffer datagram, int length) {}
    }

    private static int open() throws NetlinkException {
        int fd = SocketCalls.socket(
                SocketCalls.AF_NETLINK, SocketCalls.SOCK_RAW | SocketCalls.SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
        if (fd < 0) {
            throw new NetlinkException("no netlink socket for sock_diag", SocketCalls.errno());
        }
        ByteBuffer timeout = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        timeout.putLong(0, ANSWER_SECONDS);
        if (SocketCalls.setsockopt(fd, SocketCalls.SOL_SOCKET, SocketCalls.SO_RCVTIMEO, timeout, 16) < 0) {
            int errno = SocketCalls.errno();
            SocketCalls.close(fd);
            throw new NetlinkException("no time limit on a netlink socket", errno);
        }
        return fd;
    }

    /**
     * Asks and walks the whole answer.
     *
     * @param wanted what for, for errors
     * @return in how many datagrams the answer came
     */
    int ask(String wanted, Request what, Collector collector) throws NetlinkException {
        if (closed) {
            throw new NetlinkException(wanted + " after the observer was closed", Errno.EBADF);
        }
        int errno = 0;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            collector.begin();
            NetlinkReply reply = new NetlinkReply(SEQUENCE);
            what.write(request, SEQUENCE);
            if (descriptor < 0) {
                descriptor = open();
            }
            boolean ended = false;
            try {
                errno = exchange(reply, collector);
                ended = errno == 0 && !reply.interrupted();
            } finally {
                if (!ended) {
                    // The rest of a broken answer must not mix with the next one.
                    drop();
                }
            }
            if (errno == 0 && reply.errno() != 0) {
                throw new NetlinkException(wanted, reply.errno());
            }
            if (ended) {
                return reply.datagrams();
            }
            if (errno != 0 && errno != Errno.ENOBUFS && errno != Errno.EBUSY) {
                throw new NetlinkException(wanted, errno);
            }
        }
        throw new NetlinkException(
                wanted + " was disturbed " + ATTEMPTS + " times in a row", errno == 0 ? Errno.EINTR : errno);
    }

    private int exchange(NetlinkReply reply, Collector collector) {
        long sent;
        do {
            sent = SocketCalls.send(descriptor, requestAddress, InetDiag.REQUEST_LENGTH, 0);
        } while (sent < 0 && SocketCalls.errno() == Errno.EINTR);
        if (sent < 0) {
            return SocketCalls.errno();
        }
        while (!reply.finished()) {
            long length = SocketCalls.recv(descriptor, answerAddress, BUFFER, SocketCalls.MSG_TRUNC);
            if (length < 0) {
                if (SocketCalls.errno() == Errno.EINTR) {
                    continue;
                }
                return SocketCalls.errno();
            }
            if (length > BUFFER) {
                return Errno.ENOBUFS;
            }
            if (collector.repeats(answer, (int) length)) {
                reply.pass();
                continue;
            }
            reply.accept(answer, (int) length, collector);
            if (!reply.finished() && !reply.interrupted()) {
                collector.told(answer, (int) length);
            }
        }
        return 0;
    }

    private void drop() {
        if (descriptor >= 0) {
            SocketCalls.close(descriptor);
            descriptor = -1;
        }
    }

    @Override
    public void close() {
        closed = true;
        drop();
    }
}
