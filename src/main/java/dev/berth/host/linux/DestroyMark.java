package dev.berth.host.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Whether any internet socket was destroyed since this was asked last, connections included. Nobody is woken: what the kernel
 * tells waits here until somebody asks. Not safe for use by two threads at once.
 */
final class DestroyMark implements AutoCloseable {
    /**
     * The least that the kernel grants, some three notifications. One is as good as many, and what finds no room leaves a mark
     * too: the next recv answers ENOBUFS.
     */
    private static final int ROOM = 1;
    /** Where sockets are destroyed so quickly that they can't all be taken out, one is left for the next question. */
    private static final int MOST_AT_ONCE = 16;

    /** What is told is not read: a notification is cut to this. */
    private final ByteBuffer start = ByteBuffer.allocateDirect(Long.BYTES);

    private final long startAddress = SocketCalls.address(start);
    private int descriptor;

    /** @throws NetlinkException when the kernel does not tell of destroyed sockets */
    DestroyMark() throws NetlinkException {
        descriptor = DestroyEvents.subscribe();
        ByteBuffer room = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        room.putInt(0, ROOM);
        SocketCalls.setsockopt(descriptor, SocketCalls.SOL_SOCKET, SocketCalls.SO_RCVBUF, room, Integer.BYTES);
    }

    boolean take() {
        boolean any = false;
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            if (SocketCalls.recv(descriptor, startAddress, Long.BYTES, SocketCalls.MSG_DONTWAIT) < 0
                    && SocketCalls.errno() != Errno.ENOBUFS
                    && SocketCalls.errno() != Errno.EINTR) {
                return any || SocketCalls.errno() != Errno.EAGAIN;
            }
            any = true;
        }
        return any;
    }

    @Override
    public void close() {
        if (descriptor >= 0) {
            SocketCalls.close(descriptor);
            descriptor = -1;
        }
    }
}
