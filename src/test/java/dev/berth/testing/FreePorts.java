package dev.berth.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that nobody uses now, below the range of outgoing connections so that none is taken by one in between. Tests of one
 * JVM never get the same one twice; JVMs that Maven runs beside each other have ranges of their own, and other JVMs start at
 * different places.
 */
public final class FreePorts {
    private static final int FIRST = 11_000;
    private static final int RANGES = 4;
    private static final int SPAN = 5_000;
    /** Surefire and Failsafe number the JVMs that they run at a time from 1, and pom.xml tells each its number. */
    private static final int RANGE = FIRST + Integer.getInteger("test.jvm", 1) % RANGES * SPAN;

    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 131 % SPAN));

    private FreePorts() {}

    public static int take() {
        return take(1).get(0);
    }

    public static List<Integer> take(int count) {
        List<Integer> ports = new ArrayList<>();
        for (int tries = 0; ports.size() < count && tries < SPAN; tries++) {
            int port = RANGE + NEXT.getAndIncrement() % SPAN;
            if (isFree(port)) {
                ports.add(port);
            }
        }
        return List.copyOf(ports);
    }

    /** Can it be bound, on every address and without SO_REUSEADDR? */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(false);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
