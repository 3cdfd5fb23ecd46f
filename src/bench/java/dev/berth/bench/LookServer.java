package dev.berth.bench;

import dev.berth.host.linux.ProcfsProcessReader;
import dev.berth.host.linux.SockDiagObserver;
import dev.berth.model.HostSnapshot;
import dev.berth.model.Ownership;
import dev.berth.model.PortKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import oshi.SystemInfo;
import oshi.software.os.InternetProtocolStats;

/**
 * Looks at the machine when it is told to on standard input, and answers each line with what the looks took: for each,
 * nanoseconds that passed and nanoseconds of this thread's processor time.
 *
 * <ul>
 *   <li>{@code settle}: looks until every socket's owner is known or known to be unknowable; answers how many sockets there are
 *   <li>{@code berth N}: N ticks of Berth's observer
 *   <li>{@code pace N RATE}: N ticks, RATE in each second, as the daemon takes them
 *   <li>{@code inspect PORT}: the thorough look before acting
 *   <li>{@code oshi N}: N times OSHI's connections
 * </ul>
 */
public final class LookServer {
    private static final int SETTLING_LOOKS = 10_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final SockDiagObserver observer;
    private final InternetProtocolStats oshi;

    private LookServer(SockDiagObserver observer, InternetProtocolStats oshi) {
        this.observer = observer;
        this.oshi = oshi;
    }

    public static void main(String[] args) throws Exception {
        SockDiagObserver observer = SockDiagObserver.open(
                new ProcfsProcessReader(System::nanoTime), InstantSource.system(), System::nanoTime);
        LookServer server =
                new LookServer(observer, new SystemInfo().getOperatingSystem().getInternetProtocolStats());
        try (observer;
                BufferedReader orders =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println(server.answer(order.split(" ")));
            }
        }
    }

    private String answer(String[] order) throws Exception {
        return switch (order[0]) {
            case "settle" -> settle();
            case "berth" ->
                times(
                        Integer.parseInt(order[1]),
                        () -> observer.observe().listeners().size());
            case "pace" -> {
                long pause = 1000L / Integer.parseInt(order[2]);
                yield times(
                        Integer.parseInt(order[1]),
                        () -> observer.observe().listeners().size(),
                        pause);
            }
            case "inspect" ->
                times(
                        1,
                        () -> observer.inspect(PortKey.tcp(Integer.parseInt(order[1])))
                                .listeners()
                                .size());
            case "oshi" ->
                times(Integer.parseInt(order[1]), () -> oshi.getConnections().size());
            default -> throw new IOException("unknown order " + order[0]);
        };
    }

    private String settle() throws Exception {
        for (int look = 0; look < SETTLING_LOOKS; look++) {
            HostSnapshot seen = observer.observe();
            boolean searching = seen.listeners().stream()
                    .anyMatch(
                            listener -> listener.ownership() instanceof Ownership.Unseen unseen && unseen.searching());
            if (!searching) {
                return Integer.toString(seen.listeners().size());
            }
        }
        throw new IllegalStateException("owners are still searched for after " + SETTLING_LOOKS + " looks");
    }

    private static String times(int count, Look look) throws Exception {
        return times(count, look, 0);
    }

    private static String times(int count, Look look, long pauseMillis) throws Exception {
        StringBuilder nanos = new StringBuilder();
        int sockets = 0;
        for (int each = 0; each < count; each++) {
            long cpu = THREADS.getCurrentThreadCpuTime();
            long began = System.nanoTime();
            sockets += look.look();
            nanos.append(System.nanoTime() - began).append(' ');
            nanos.append(THREADS.getCurrentThreadCpuTime() - cpu).append(' ');
            if (pauseMillis > 0) {
                Thread.sleep(pauseMillis);
            }
        }
        if (sockets == 0) {
            throw new IllegalStateException("nothing was seen");
        }
        return nanos.toString();
    }

    @FunctionalInterface
    private interface Look {
        int look() throws Exception;
    }
}
