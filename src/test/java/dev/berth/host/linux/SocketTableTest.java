package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.berth.model.PortKey;
import dev.berth.model.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Dumps that a kernel may give and a test can't ask for. */
class SocketTableTest {
    private static final int HOUR = 3_600;

    private final SocketTable table = new SocketTable();
    private final Deque<List<Integer>> tcp = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private int datagrams = 1;
    private int udpErrno;
    private int tcpErrno;
    private boolean disturbed;
    private long now;

    /** Each port stands for one socket over IPv4, whose cookie and inode are the port. */
    private void look(Integer... ports) throws NetlinkException {
        tcp.add(Arrays.asList(ports));
        now += 1_000_000_000L;
        table.look(this::dump, now);
    }

    private int dump(int family, Protocol protocol, NetlinkSocket.Collector collector) throws NetlinkException {
        asked.add(protocol.label() + family);
        collector.begin();
        if (protocol == Protocol.UDP) {
            if (udpErrno != 0) {
                throw new NetlinkException("udp", udpErrno);
            }
            return 1;
        }
        if (family == InetDiag.AF_INET6) {
            return 1;
        }
        if (tcpErrno != 0) {
            throw new NetlinkException("tcp", tcpErrno);
        }
        List<Integer> ports = tcp.remove();
        if (disturbed) {
            tell(ports.subList(0, ports.size() / 2), collector);
            collector.begin();
        }
        tell(ports, collector);
        return datagrams;
    }

    /** As {@link NetlinkSocket} does, in one datagram. */
    private static void tell(List<Integer> ports, NetlinkSocket.Collector collector) {
        ByteBuffer datagram = ByteBuffer.allocateDirect(ports.size() * InetDiag.MESSAGE_LENGTH)
                .order(ByteOrder.nativeOrder());
        for (int i = 0; i < ports.size(); i++) {
            int at = i * InetDiag.MESSAGE_LENGTH;
            int port = ports.get(i);
            datagram.put(at, (byte) InetDiag.AF_INET);
            datagram.put(at + 1, (byte) TcpState.LISTEN.ordinal());
            datagram.put(at + 4, (byte) (port >> 8)).put(at + 5, (byte) port);
            datagram.putInt(at + 44, port).putInt(at + 68, port);
        }
        if (collector.repeats(datagram, datagram.capacity())) {
            return;
        }
        for (int at = 0; at < datagram.capacity(); at += InetDiag.MESSAGE_LENGTH) {
            collector.message(datagram, at, at + InetDiag.MESSAGE_LENGTH);
        }
        collector.told(datagram, datagram.capacity());
    }

    private List<Integer> ports() {
        return table.sockets().stream()
                .map(socket -> socket.socket().localPort())
                .toList();
    }

    @Test
    void theSameSocketsAreNoChangeWhateverTheirOrder() throws Exception {
        look(1, 2, 3);
        List<TrackedSocket> first = List.copyOf(table.sockets());
        assertThat(table.changed()).isTrue();
        assertThat(table.fresh()).hasSize(3);

        look(1, 2, 3);
        assertThat(table.changed()).isFalse();
        assertThat(table.sockets()).containsExactlyElementsOf(first);

        look(3, 1, 2);
        assertThat(table.fresh()).isEmpty();
        assertThat(table.sockets()).containsExactlyInAnyOrderElementsOf(first);
    }

    @Test
    void comingAndGoingAnywhereIsNoticed() throws Exception {
        look(1, 2, 3, 4);
        TrackedSocket second = table.sockets().get(1);

        look(5, 1, 3, 4, 6);

        assertThat(ports()).containsExactly(5, 1, 3, 4, 6);
        assertThat(table.changed()).isTrue();
        assertThat(table.fresh())
                .extracting(socket -> socket.socket().localPort())
                .containsExactly(5, 6);
        assertThat(second.alive).isFalse();
        look();
        assertThat(ports()).isEmpty();
        assertThat(table.changed()).isTrue();
    }

    @Test
    void aNotificationThatComesLateStillFindsItsPort() throws Exception {
        look(1, 2);
        look(1);
        assertThat(table.portOf(2)).contains(PortKey.tcp(2));

        look(1);
        assertThat(table.portOf(2)).isEmpty();
        assertThat(table.portOf(1)).contains(PortKey.tcp(1));
    }

    @Test
    void aSocketThatOneDumpSkippedIsNotTakenForGone() throws Exception {
        datagrams = 2;
        look(1, 2, 3);
        TrackedSocket second = table.sockets().get(1);
        // The answer to the second question of the same look.
        tcp.add(List.of(1, 3));
        look(1, 2, 3, 4);

        assertThat(ports()).containsExactlyInAnyOrder(1, 2, 3, 4);
        assertThat(second.alive).isTrue();
        assertThat(table.sockets()).contains(second).doesNotHaveDuplicates();

        tcp.add(List.of(1));
        look(1);
        assertThat(ports()).containsExactly(1);
        assertThat(second.alive).isFalse();
    }

    @Test
    void aDumpThatWasBegunAnewCountsOnce() throws Exception {
        look(1, 2, 3, 4);
        disturbed = true;
        look(1, 2, 3, 4);
        assertThat(ports()).containsExactly(1, 2, 3, 4);
        assertThat(table.changed()).isFalse();

        look(1, 2, 3, 4, 5, 6);
        assertThat(ports()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(table.fresh()).hasSize(2);
    }

    @Test
    void aFailedLookLeavesWhatWasSeen() throws Exception {
        look(1, 2);
        tcpErrno = Errno.ENOBUFS;

        assertThat(catchThrowable(() -> look(1))).isInstanceOf(NetlinkException.class);

        assertThat(ports()).containsExactly(1, 2);
        tcp.clear();
        tcpErrno = 0;
        look(1, 2);
        assertThat(ports()).containsExactly(1, 2);
        assertThat(table.fresh()).isEmpty();
    }

    @Test
    void aProtocolThatTheKernelDoesNotHaveIsAskedForSeldom() throws Exception {
        udpErrno = Errno.ENOENT;
        look(1);
        assertThat(table.unsupported(Protocol.UDP))
                .hasValueSatisfying(why -> assertThat(why).contains("ENOENT"));
        assertThat(table.unsupported(Protocol.TCP)).isEmpty();
        assertThat(ports()).containsExactly(1);

        asked.clear();
        look(1);
        assertThat(asked).containsExactly("tcp2", "tcp10");

        now += HOUR * 1_000_000_000L;
        udpErrno = 0;
        look(1);
        assertThat(table.unsupported(Protocol.UDP)).isEmpty();
    }

    @Test
    void manySocketsThatGoAtOnceConfuseNothing() throws Exception {
        Integer[] all = IntStream.rangeClosed(1, 500).boxed().toArray(Integer[]::new);
        look(all);

        look(Arrays.copyOfRange(all, 400, 500));

        assertThat(ports()).containsExactly(Arrays.copyOfRange(all, 400, 500));
        assertThat(table.fresh()).isEmpty();
    }

    @Test
    void whateverComesGoesAndMovesBetweenDatagramsTheTableIsWhatTheKernelToldLast() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            SocketTable tried = new SocketTable();
            List<Integer> told = new ArrayList<>();
            Set<Integer> before = Set.of();
            for (int look = 0; look < 30; look++) {
                int size = 1 + random.nextInt(3);
                if (random.nextInt(3) > 0) {
                    alter(told, random);
                }
                tried.look((family, protocol, collector) -> inDatagrams(told, size, family, protocol, collector), now);

                assertThat(tried.sockets())
                        .as("seed %d, look %d", seed, look)
                        .extracting(socket -> socket.socket().localPort())
                        .containsExactlyInAnyOrderElementsOf(told);
                Set<Integer> fresh = new HashSet<>(told);
                fresh.removeAll(before);
                assertThat(tried.fresh())
                        .extracting(socket -> socket.socket().localPort())
                        .containsExactlyInAnyOrderElementsOf(fresh);
                assertThat(tried.sockets()).allMatch(socket -> socket.alive);
                assertThat(tried.changed() || before.equals(Set.copyOf(told))).isTrue();
                before = Set.copyOf(told);
            }
        }
    }

    private static void alter(List<Integer> told, Random random) {
        int port = 1 + random.nextInt(12);
        if (told.contains(port)) {
            told.remove((Integer) port);
        } else {
            told.add(random.nextInt(told.size() + 1), port);
        }
        if (random.nextInt(6) == 0) {
            Collections.shuffle(told, random);
        }
    }

    private static int inDatagrams(
            List<Integer> ports, int size, int family, Protocol protocol, NetlinkSocket.Collector collector) {
        collector.begin();
        if (family == InetDiag.AF_INET6 || protocol == Protocol.UDP) {
            return 1;
        }
        for (int from = 0; from < ports.size(); from += size) {
            tell(ports.subList(from, Math.min(from + size, ports.size())), collector);
        }
        return ports.size() / size + 1;
    }
}
