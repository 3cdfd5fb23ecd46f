package dev.berth.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.model.ProcessRef;
import dev.berth.model.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProofRoundTest {
    private static final long TICK = ProofRound.AGE_NANOS / 8;

    private final ProofRound round = new ProofRound(0);
    private final List<TrackedSocket> proven = new ArrayList<>();

    private static TrackedSocket held(int port) {
        InetSocket socket = new InetSocket(
                Protocol.TCP,
                false,
                TcpState.LISTEN,
                "127.0.0.1",
                port,
                "0.0.0.0",
                0,
                port,
                0,
                OptionalLong.of(port),
                false,
                0,
                OptionalLong.empty());
        TrackedSocket tracked = new TrackedSocket(socket, 0, SocketTable.NEW);
        tracked.add(new TrackedSocket.Holding(new ProcessRef(100, 1, "boot"), 3));
        return tracked;
    }

    private List<TrackedSocket> add(int count) {
        List<TrackedSocket> sockets =
                IntStream.rangeClosed(1, count).mapToObj(ProofRoundTest::held).toList();
        sockets.forEach(socket -> round.add(socket, 0));
        return sockets;
    }

    @Test
    void thoseFoundTogetherAreProvenInDifferentTicks() {
        List<TrackedSocket> sockets = add(80);

        Map<TrackedSocket, Long> last = new HashMap<>();
        for (long now = TICK; now <= 40 * TICK; now += TICK) {
            proven.clear();
            round.next(now, proven::add);
            assertThat(proven).hasSize(10);
            for (TrackedSocket socket : proven) {
                Long before = last.put(socket, now);
                assertThat(now - (before == null ? 0 : before)).isLessThanOrEqualTo(ProofRound.AGE_NANOS);
            }
        }
        assertThat(last.keySet()).containsExactlyInAnyOrderElementsOf(sockets);
    }

    /** Those are two seconds apart, now a little less and now a little more. */
    @Test
    void oneIsProvenAtEveryLookAtASettledMachine() {
        add(1);
        for (int look = 1; look <= 6; look++) {
            now += Duration.ofMillis(look % 2 == 0 ? 1997 : 2003).toNanos();
            round.next(now, proven::add);
            assertThat(proven).hasSize(look);
        }
    }

    @Test
    void afterALongPauseAllAreProvenOnce() {
        List<TrackedSocket> sockets = add(5);

        round.next(100 * ProofRound.AGE_NANOS, proven::add);

        assertThat(proven).containsExactlyElementsOf(sockets);
    }

    @Test
    void oneThatIsFoundWithAnotherHolderKeepsItsPlace() {
        List<TrackedSocket> sockets = add(8);

        for (long now = TICK; now <= 8 * TICK; now += TICK) {
            round.add(sockets.get(7), now);
            round.next(now, proven::add);
        }

        assertThat(proven).containsExactlyElementsOf(sockets);
    }

    @Test
    void whoHasGoneOrHasNoHolderIsLeftOutUntilItIsFoundAgain() {
        List<TrackedSocket> sockets = add(3);
        sockets.get(0).alive = false;
        List<TrackedSocket.Holding> was = List.copyOf(sockets.get(1).holdings());
        sockets.get(1).holdings().clear();

        round.next(ProofRound.AGE_NANOS, proven::add);
        assertThat(proven).containsExactly(sockets.get(2));

        sockets.get(1).add(was.get(0));
        round.add(sockets.get(1), ProofRound.AGE_NANOS);
        proven.clear();
        round.next(2 * ProofRound.AGE_NANOS, proven::add);
        assertThat(proven).containsExactlyInAnyOrder(sockets.get(1), sockets.get(2));
    }

    @Test
    void oneThatASingleProcessHasHadForAWhileComesSeldomUntilAnotherHolderIsFound() {
        TrackedSocket socket = add(1).get(0);
        settle(socket);

        long between = untilNext(socket);
        assertThat(between).isGreaterThan(ProofRound.AGE_NANOS).isLessThanOrEqualTo(ProofRound.SETTLED_AGE_NANOS);

        socket.add(new TrackedSocket.Holding(new ProcessRef(101, 2, "boot"), 3));
        round.add(socket, now);
        assertThat(untilNext(socket)).isLessThanOrEqualTo(ProofRound.AGE_NANOS);
        now += ProofRound.SETTLES_AFTER_NANOS;
        settle(socket);
        assertThat(untilNext(socket)).isLessThanOrEqualTo(ProofRound.AGE_NANOS);
    }

    @Test
    void oneThatLostAHolderIsProvenOftenForAWhile() {
        TrackedSocket socket = add(1).get(0);
        socket.add(new TrackedSocket.Holding(new ProcessRef(101, 2, "boot"), 3));
        settle(socket);

        socket.holdings().remove(1);

        untilNext(socket);
        assertThat(untilNext(socket)).isLessThanOrEqualTo(ProofRound.AGE_NANOS);
    }

    @Test
    void settledOnesAreSpreadOverTheLongerTime() {
        add(80);
        for (; now <= ProofRound.SETTLES_AFTER_NANOS + ProofRound.SETTLED_AGE_NANOS; now += TICK) {
            round.next(now, proven::add);
        }

        proven.clear();
        round.next(now, proven::add);
        assertThat(proven).hasSize(2);
    }

    private long now = TICK;

    /** Its turns come until it has been unchanged for long enough, and once more. */
    private void settle(TrackedSocket socket) {
        for (long end = now + ProofRound.SETTLES_AFTER_NANOS; now <= end; now += TICK) {
            round.next(now, proven::add);
        }
        untilNext(socket);
    }

    /** Nanoseconds from one turn of it, whose neighbours are ahead of it, to the next. */
    private long untilNext(TrackedSocket socket) {
        long begun = now;
        do {
            proven.clear();
            now += TICK;
            round.next(now, proven::add);
        } while (!proven.contains(socket));
        return now - begun;
    }
}
