package dev.berth.host.linux;

import java.nio.ByteBuffer;

/** Walks the datagrams of one answer. Pure: the bytes come from elsewhere. */
final class NetlinkReply {
    private static final int HEADER = 16;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_MULTI = 0x2;
    private static final int NLM_F_DUMP_INTR = 0x10;

    private final int sequence;
    private boolean finished;
    private boolean interrupted;
    private int errno;
    private int datagrams;

    NetlinkReply(int sequence) {
        this.sequence = sequence;
    }

    /** Takes one message. */
    @FunctionalInterface
    interface Sink {
        /**
         * @param at where the message's payload begins, after the netlink header
         * @param end where it ends
         */
        void message(ByteBuffer from, int at, int end);
    }

    /** Walks one datagram; messages that belong to another request are passed over. */
    void accept(ByteBuffer datagram, int length, Sink sink) {
        datagrams++;
        int at = 0;
        while (at + HEADER <= length && !finished) {
            int size = datagram.getInt(at);
            if (size < HEADER || size > length - at) {
                // Never seen from a kernel; what follows can't be told apart any more.
                interrupted = true;
                finished = true;
                return;
            }
            if (datagram.getInt(at + 8) == sequence) {
                message(datagram, at, at + size, sink);
            }
            at += size + 3 & ~3;
        }
    }

    /** A datagram came whose messages are known: none of them ends the answer. */
    void pass() {
        datagrams++;
    }

    private void message(ByteBuffer datagram, int at, int end, Sink sink) {
        int type = datagram.getShort(at + 4) & 0xffff;
        int flags = datagram.getShort(at + 6) & 0xffff;
        interrupted |= (flags & NLM_F_DUMP_INTR) != 0;
        if (type == NLMSG_ERROR || type == NLMSG_DONE) {
            // Both carry a negative errno, the end of a dump too: a family without its diag module ends so.
            errno = end - at >= HEADER + 4 ? Math.max(0, -datagram.getInt(at + HEADER)) : 0;
            finished = true;
        } else if (type == InetDiag.SOCK_DIAG_BY_FAMILY && end - at >= HEADER + InetDiag.MESSAGE_LENGTH) {
            sink.message(datagram, at + HEADER, end);
            finished = (flags & NLM_F_MULTI) == 0;
        }
    }

    boolean finished() {
        return finished;
    }

    /** The answer may lack something or tell it twice: ask again. */
    boolean interrupted() {
        return interrupted;
    }

    /** The kernel's error, 0 when there was none. */
    int errno() {
        return errno;
    }

    /** More than one means that the kernel let go of its tables in between. */
    int datagrams() {
        return datagrams;
    }
}
