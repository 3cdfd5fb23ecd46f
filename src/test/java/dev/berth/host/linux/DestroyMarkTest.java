package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.Tools;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On the sockets of this machine, where other programs may close some at any time. */
class DestroyMarkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @BeforeAll
    static void onLinux() {
        Tools.requireLinux();
    }

    private static void takeUntil(DestroyMark mark, boolean wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (mark.take() != wanted) {
            assertThat(System.nanoTime()).as("never %s", wanted).isLessThan(deadline);
        }
    }

    @Test
    void aListenerAConnectionAndAUdpSocketEachLeaveAMark() throws Exception {
        try (DestroyMark mark = new DestroyMark();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            takeUntil(mark, false);
            new Socket(server.getInetAddress(), server.getLocalPort()).close();
            takeUntil(mark, true);

            takeUntil(mark, false);
            new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
            takeUntil(mark, true);

            takeUntil(mark, false);
            new DatagramSocket(0, InetAddress.getLoopbackAddress()).close();
            takeUntil(mark, true);
        }
    }

    @Test
    void moreThanThereIsRoomForLeavesOneMarkAndNoStain() throws Exception {
        try (DestroyMark mark = new DestroyMark()) {
            for (int i = 0; i < 200; i++) {
                new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
            }
            takeUntil(mark, true);

            takeUntil(mark, false);
            new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
            takeUntil(mark, true);
        }
    }
}
